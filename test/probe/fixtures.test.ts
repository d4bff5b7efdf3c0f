import assert from "node:assert/strict";
import test, {after} from "node:test";
import {readKnownHosts} from "../../src/cases/verification/known-hosts.ts";
import {evidenceOf} from "../../src/cases/verification/page.ts";
import {takedownKind} from "../../src/cases/verification/standing.ts";
import {judgeLook} from "../../src/cases/verification/verdict.ts";
import type {Verdict} from "../../src/model/verification.ts";
import {openWorld} from "../world/probe.ts";
import type {Site} from "../world/sites.ts";

/**
 * S8: two hundred pages that stand before a living phishing page, made here in Chinese and English, looked at by the real
 * probe: none may count as a takedown. A third of the wordings are put in words that our table does not know; each comes with the statuses with which sites really send it, short and padded to some length.
 */
interface Wall {
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly statuses: readonly number[];
}

const WALLS: readonly Wall[] = [
  {
    kind: "busy",
    title: "503 Service Unavailable",
    text: "The server is temporarily unable to service your request.",
    statuses: [503, 200, 502],
  },
  {kind: "busy", title: "Oops", text: "Our hamsters are tired. Come back in a bit.", statuses: [503, 500, 504]},
  {kind: "busy", title: "系统维护", text: "系统正在维护，请稍后再试。", statuses: [503, 200, 500]},
  {kind: "busy", title: "休息一下", text: "服务器开小差了，工程师正在抢修。", statuses: [503, 502, 200]},
  {kind: "busy", title: "429 Too Many Requests", text: "Slow down, please.", statuses: [429, 200]},
  {kind: "busy", title: "访问过于频繁", text: "您的访问过于频繁，请休息片刻。", statuses: [429, 200, 403]},
  {
    kind: "captcha",
    title: "Just a moment...",
    text: "Checking your browser before accessing the site.",
    statuses: [403, 503, 200],
  },
  {
    kind: "captcha",
    title: "One more step",
    text: "Please complete the security check to access the site. Are you a robot?",
    statuses: [200, 403, 404],
  },
  {
    kind: "captcha",
    title: "Hello",
    text: "Pick all pictures with a bicycle, then press the button.",
    statuses: [200, 403],
  },
  {kind: "captcha", title: "安全验证", text: "请拖动滑块完成人机验证。", statuses: [200, 403, 404]},
  {kind: "captcha", title: "请稍候", text: "请按顺序点击下图中的文字。", statuses: [200, 403]},
  {kind: "captcha", title: "稍等", text: "请说出图中动物的名字，然后继续。", statuses: [200, 403]},
  {
    kind: "geo",
    title: "Not available",
    text: "This content is not available in your country.",
    statuses: [403, 451, 200, 404],
  },
  {kind: "geo", title: "Sorry", text: "We only serve friends who live on our island.", statuses: [403, 451, 200]},
  {kind: "geo", title: "无法访问", text: "根据相关要求，您所在地区无法访问本页面。", statuses: [403, 451, 200, 404]},
  {kind: "geo", title: "提示", text: "本站只为本省用户提供服务。", statuses: [403, 200]},
  {
    kind: "parking",
    title: "shop.example is for sale",
    text: "This domain is for sale. Buy this domain today. Related searches: loans, cards.",
    statuses: [200, 404, 403],
  },
  {
    kind: "parking",
    title: "Premium name",
    text: "Own a name that people remember. Call our broker.",
    statuses: [200, 403],
  },
  {kind: "parking", title: "域名出售", text: "该域名可出售，购买此域名请联系我们。", statuses: [200, 404]},
  {kind: "parking", title: "好名字", text: "心动不如行动，名字等您来。", statuses: [200]},
  {kind: "login", title: "Sign in", text: "Please log in to continue.", statuses: [401, 403, 200]},
  {kind: "login", title: "登录", text: "请先登录，登录后访问。", statuses: [401, 200]},
  {kind: "denied", title: "403 Forbidden", text: "nginx", statuses: [403, 200]},
  {kind: "denied", title: "拒绝访问", text: "您的请求被拦截。", statuses: [403, 200, 400]},
  {
    kind: "blocked",
    title: "Suspected phishing site",
    text: "This website has been reported as phishing.",
    statuses: [200, 403],
  },
  {kind: "blocked", title: "风险提示", text: "您访问的网站涉嫌诈骗，已被拦截。", statuses: [200, 403]},
];

const PHISH =
  "<title>Example Bank</title><h1>Online banking of Example Bank</h1><p>Dear customer, your account has been limited. Confirm your card number, your code and your password to go on.</p><form><input name=card><input type=password></form>";
/** What pages of such kinds are filled with: an identifier, a footer, more of the same. */
const PADDINGS = [
  "",
  `<p>Ref: ${"7f3a ".repeat(12)}</p><footer>Contact the owner of the site. 请联系网站管理员。</footer>`,
  "<p>We are sorry for the trouble. 给您带来不便，敬请谅解。 </p>".repeat(6),
];
const WANTED = 200;

/** Makes the fixtures: each wall with each of its statuses and paddings, until there are enough. */
function fixtures(): {name: string; site: Site}[] {
  const made = PADDINGS.flatMap((padding, at) =>
    WALLS.flatMap(({kind, title, text, statuses}) =>
      statuses.map((status) => ({
        name: `${kind} ${status} ${title} ${at}`,
        site: {
          status,
          body: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p>${padding}</body></html>`,
        },
      })),
    ),
  );
  return made.slice(0, WANTED);
}

const world = await openWorld();
after(() => world.close());

test("S8: two hundred pages that hide a phishing page, in Chinese and English: not one counts as a takedown", async (t) => {
  const all = fixtures();
  assert.equal(all.length, WANTED);
  const known = readKnownHosts([]);
  const verdicts = await Promise.all(
    all.map(async ({name, site}, at): Promise<[string, Verdict, Verdict]> => {
      const host = `bank${at}.example.com`;
      world.place(host, {body: PHISH});
      const evidence = evidenceOf(await world.look(`http://${host}/login`));
      world.place(host, site);
      const look = await world.look(`http://${host}/login`);
      return [name, judgeLook({look, evidence, known}).verdict, judgeLook({look, evidence: null, known}).verdict];
    }),
  );
  assert.deepEqual(
    verdicts.filter((each) => takedownKind(each[1]) !== null || takedownKind(each[2]) !== null),
    [],
  );
  const counts: Record<string, number> = {};
  for (const [, verdict] of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  assert.equal(counts["up"], undefined, "none is taken for the page itself");
  t.diagnostic(JSON.stringify(counts));
});

test("the same page that is gone, suspended or without a name counts as one", async () => {
  const known = readKnownHosts([]);
  const ends: readonly [Site | "no-name", Verdict][] = [
    [{status: 404, body: "not found"}, "removed"],
    [{status: 410}, "removed"],
    [{body: "<title>Account Suspended</title><p>Contact your hosting provider for more information.</p>"}, "down-host"],
    [{body: "<title>提示</title><p>该网站已被服务商停用</p>"}, "down-host"],
    [{body: "<title>404</title><p>您访问的页面不存在</p>"}, "removed"],
    ["no-name", "down-registrar"],
  ];
  for (const [at, [end, verdict]] of ends.entries()) {
    const host = `end${at}.example.org`;
    world.place(host, {body: PHISH});
    const evidence = evidenceOf(await world.look(`http://${host}/login`));
    if (end === "no-name") world.dns.names.clear();
    else world.place(host, end);
    const look = await world.look(`http://${host}/login`);
    assert.equal(judgeLook({look, evidence, known}).verdict, verdict, JSON.stringify(end));
  }
});
