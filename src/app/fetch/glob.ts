/**
 * Returns whether the text is like the pattern: `*` stands for any characters, `?` for one; letter case aside. In time that
 * grows with the product of both lengths only, whatever somebody writes into a subject.
 */
export function isLike(text: string, pattern: string): boolean {
  const [words, wanted] = [[...text.toLowerCase()], [...pattern.toLowerCase()]];
  let [at, next] = [0, 0];
  let star = -1; // the last `*`, and from where on its text is tried
  let from = 0;
  while (at < words.length) {
    if (wanted[next] === "*") {
      star = next++;
      from = at;
    } else if (next < wanted.length && (wanted[next] === "?" || wanted[next] === words[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = ++from;
      next = star + 1;
    } else return false;
  }
  while (wanted[next] === "*") next++;
  return next === wanted.length;
}
