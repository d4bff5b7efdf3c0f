import {createHash} from "node:crypto";
import type {Evidence, Look, PageFacts} from "../../model/verification.ts";
import {decodeEntities, type HtmlToken, scanHtml} from "./html.ts";
import {STRUCTURE_BUCKETS, sketchOf, TEXT_BUCKETS} from "./sketch.ts";

/** What came back for a page. */
export interface RawPage {
  readonly url: string;
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly isTruncated: boolean;
}

/** A page in facts, and where a meta refresh sends the visitor at once; null when it does not. */
export interface ReadPage {
  readonly facts: PageFacts;
  readonly refresh: string | null;
}

const MOST_TITLE = 300;
const MOST_TEXT = 2000;
const MOST_HOSTS = 20;
const MOST_TYPE = 200;
/** A refresh that waits longer is no redirect. */
const REFRESH_SECONDS = 5;
/** Tags that say how a page is built; the rest is decoration. */
const HAN_PER_WORD = 2;
const WORD = /\p{Script=Han}|[\p{L}\p{N}]+/gu;
const HAN = /^\p{Script=Han}$/u;

/** Reads a page as a visitor without scripts would see it, in time that grows with its length only. */
export function readPage(raw: RawPage): ReadPage {
  const found = newFindings();
  scanHtml(decodePage(raw.bytes, raw.type), (token) => note(found, token));
  const text = clean(found.texts.join(" "));
  const words = text.toLowerCase().match(WORD) ?? [];
  const han = words.filter((word) => HAN.test(word)).length;
  const title = found.title === null ? null : clean(found.title).slice(0, MOST_TITLE);
  const facts = {
    url: raw.url,
    status: raw.status,
    type: raw.type.slice(0, MOST_TYPE),
    bytes: raw.bytes.length,
    sha256: createHash("sha256").update(raw.bytes).digest("hex"),
    isTruncated: raw.isTruncated,
    title: title === "" ? null : title,
    text: text.slice(0, MOST_TEXT),
    words: words.length - han + Math.round(han / HAN_PER_WORD),
    sketch: sketchOf(words, TEXT_BUCKETS),
    structure: sketchOf(found.tags, STRUCTURE_BUCKETS),
    forms: found.forms,
    passwords: found.passwords,
    links: found.links,
    hosts: hostsOf(found.addresses, raw.url),
  };
  return {facts, refresh: found.refresh};
}

/** Returns what is kept of a look to compare later looks with; null when it saw no page. */
export function evidenceOf(look: Look): Evidence | null {
  return look.page === null ? null : {at: look.at, page: look.page};
}

interface Findings {
  readonly texts: string[];
  readonly tags: string[];
  readonly addresses: string[];
  title: string | null;
  isInTitle: boolean;
  forms: number;
  passwords: number;
  links: number;
  refresh: string | null;
}

function newFindings(): Findings {
  return {
    texts: [],
    tags: [],
    addresses: [],
    title: null,
    isInTitle: false,
    forms: 0,
    passwords: 0,
    links: 0,
    refresh: null,
  };
}

function note(found: Findings, token: HtmlToken): void {
  if (token.kind === "text") {
    if (found.isInTitle) found.title = (found.title ?? "") + token.text;
    else found.texts.push(token.text);
    return;
  }
  if (token.name === "title") found.isInTitle = !token.isEnd && found.title === null;
  if (token.isEnd) return;
  found.tags.push(token.name);
  if (token.name === "form") found.forms += 1;
  if (token.name === "a" && token.attribute("href") !== null) found.links += 1;
  if (token.name === "input" && token.attribute("type")?.toLowerCase() === "password") found.passwords += 1;
  if (token.name === "script" || token.name === "iframe" || token.name === "frame") {
    const source = token.attribute("src");
    if (source !== null && found.addresses.length < MOST_HOSTS) found.addresses.push(source);
  }
  if (token.name === "meta") found.refresh ??= refreshOf(token);
}

function refreshOf(token: HtmlToken & {kind: "tag"}): string | null {
  if (token.attribute("http-equiv")?.trim().toLowerCase() !== "refresh") return null;
  const found = /^\s*(\d{1,6})[\d.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(token.attribute("content") ?? "");
  return found !== null && Number(found[1]) <= REFRESH_SECONDS ? (found[2] ?? "").trim() : null;
}

function hostsOf(addresses: readonly string[], base: string): string[] {
  const hosts = addresses.flatMap((address) => {
    const parsed = URL.parse(address, base);
    return parsed === null || parsed.hostname === "" ? [] : [parsed.hostname.slice(0, 255)];
  });
  return [...new Set(hosts)].slice(0, MOST_HOSTS);
}

function clean(text: string): string {
  return decodeEntities(text)
    .replace(/[\s\u00a0\u200b\ufeff]+/g, " ")
    .trim();
}

/** Where the character set is stated, it is near the beginning. */
const HEAD_BYTES = 2048;
/** Names of the national sets that TextDecoder reads under one name. */
const CHARSETS: Readonly<Record<string, string>> = {gb2312: "gb18030", gbk: "gb18030", "gb-2312": "gb18030"};

/** Returns the text of a page by its stated character set: header first, then its own meta tag, else UTF-8. */
function decodePage(bytes: Uint8Array, type: string): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES));
  const stated = (/charset\s*=\s*["']?([\w-]{2,20})/i.exec(type) ??
    /charset\s*=\s*["']?([\w-]{2,20})/i.exec(head))?.[1];
  const label = (stated ?? "utf-8").toLowerCase();
  try {
    return new TextDecoder(CHARSETS[label] ?? label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes); // a set that nobody knows: its Latin part can still be read
  }
}
