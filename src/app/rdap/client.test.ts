import assert from "node:assert/strict";
import {createServer, type RequestListener} from "node:http";
import test, {after} from "node:test";
import {WatchfloorError} from "../../model/errors.ts";
import {askRdapServer, type RdapLimits} from "./client.ts";
import {isGlobalUnicast, reachable} from "./guard.ts";
import {questionFor, rdapServers} from "./servers.ts";

/** What the registry on loopback does next. */
let serve: RequestListener = (_request, answer) => void answer.end("{}");
let asked: string[] = [];
const server = createServer((request, answer) => {
  asked.push(`${request.headers.host?.replace(/:.*/, "")}${request.url}`);
  serve(request, answer);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
after(() => server.close());
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
const at = (host: string): string => `http://${host}:${port}`;

/** Every name is on loopback, which these tests allow; everything else is as it is outside. */
const limits = (given: Partial<RdapLimits> = {}): RdapLimits => ({
  ...{seconds: 2, bytes: 10_000, agent: "test", origins: new Set([at("rdap.one.example"), at("rdap.two.example")])},
  dial: {resolve: async () => ["127.0.0.1"], isAllowed: (ip) => ip === "127.0.0.1"},
  ...given,
});
const ask = (path = "/domain/a.example", given: Partial<RdapLimits> = {}) =>
  askRdapServer(`${at("rdap.one.example")}${path}`, limits(given));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WatchfloorError && error.code === "rdap_failed", `${error}`);
  return error.message;
}

test("a registry answers, and says by 404 that there is nothing; every other answer is no answer", async () => {
  serve = (_request, answer) => void answer.end('{"objectClassName":"domain"}');
  assert.deepEqual(await ask(), {
    url: `${at("rdap.one.example")}/domain/a.example`,
    status: 200,
    text: '{"objectClassName":"domain"}',
  });
  for (const [status, expected] of [
    [404, null],
    [429, /answers 429/],
    [500, /answers 500/],
  ] as const) {
    serve = (_request, answer) => void answer.writeHead(status).end("{}");
    if (expected === null) assert.equal((await ask()).text, null);
    else assert.match(await refusal(ask()), expected);
  }
  serve = (_request, answer) => void answer.end("<html>");
  assert.match(await refusal(ask()), /no JSON/);
});

test("a redirect leads to another server that IANA names, and nowhere else", async () => {
  const redirect =
    (to: string): RequestListener =>
    (request, answer) => {
      if (request.headers.host?.startsWith("rdap.two")) answer.end("{}");
      else answer.writeHead(302, {location: to}).end();
    };
  serve = redirect(`${at("rdap.two.example")}/x`);
  assert.equal((await ask()).url, `${at("rdap.two.example")}/x`);
  for (const to of [
    `${at("evil.example")}/`,
    "http://127.0.0.1:1/",
    "http://169.254.169.254/latest/",
    "file:///etc/passwd",
    "//evil.example/",
  ]) {
    serve = redirect(to);
    asked = [];
    assert.match(await refusal(ask()), /no server that IANA names/, to);
    assert.equal(asked.length, 1);
  }
  serve = redirect("/again");
  assert.match(await refusal(ask()), /redirects without end/);
});

test("a server whose name leads to the inside is not asked, not even when it leads outside as well", async () => {
  asked = [];
  for (const found of [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], []])
    assert.match(
      await refusal(ask("/", {dial: {resolve: async () => found, isAllowed: isGlobalUnicast}})),
      /no public address/,
    );
  const origins = new Set(["http://127.0.0.1", "http://[::ffff:127.0.0.1]", "http://2130706433"]);
  for (const url of ["http://127.0.0.1/", "http://[::ffff:7f00:1]/", "http://0x7f.1/"])
    assert.match(
      await refusal(askRdapServer(url, limits({origins, dial: {resolve: async () => [], isAllowed: isGlobalUnicast}}))),
      /no public address|no server that IANA names/,
    );
  assert.deepEqual(asked, []);
});

test("the connection goes to the address that was checked: a name that changes meanwhile leads nowhere else", async () => {
  let asks = 0;
  const resolve = async (): Promise<string[]> => {
    asks += 1;
    return asks === 1 ? ["127.0.0.1"] : ["10.9.9.9"];
  };
  serve = (_request, answer) => void answer.end("{}");
  await ask("/", {dial: {resolve, isAllowed: (ip) => ip === "127.0.0.1"}});
  assert.equal(asks, 1);
});

test("an answer that is too long, or drips, ends at its limit", async () => {
  serve = (_request, answer) => void answer.end(`"${"x".repeat(20_000)}"`);
  assert.match(await refusal(ask()), /longer than 10000 bytes/);
  serve = (_request, answer) => {
    answer.write('"');
    const drip = setInterval(() => answer.write("x"), 50);
    answer.on("close", () => clearInterval(drip));
  };
  const started = performance.now();
  assert.match(await refusal(ask("/", {seconds: 1})), /did not answer within 1 s/);
  assert.ok(performance.now() - started < 5000);
  serve = (_request, answer) => void answer.destroy();
  assert.match(await refusal(ask()), /rdap\.one\.example/);
});

test("only global unicast addresses are public", async () => {
  for (const ip of ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2001:4860:4860::8888"])
    assert.equal(isGlobalUnicast(ip), true, ip);
  for (const ip of [
    ...["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"],
    ...["255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"],
    ...["::ffff:8.8.8.8", "::ffff:127.0.0.1", "64:ff9b::808:808", "2002:7f00:1::", "2001:db8::1", "2001::1"],
    ...["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "fe80::1%eth0", "example.com", ""],
  ])
    assert.equal(isGlobalUnicast(ip), false, ip);
  assert.equal(await reachable({resolve: async () => ["8.8.8.8"], isAllowed: isGlobalUnicast}, "[::1]"), null);
});

test("the server of a question is the one of the longest name, the smallest network, the right range of AS numbers", () => {
  const servers = rdapServers({
    dns: [
      {of: ["example", "中国"], servers: ["http://plain.example/", "https://tld.example/rdap"]},
      {of: ["co.example"], servers: ["https://second.example/"]},
    ],
    ip: [
      {of: ["192.0.0.0/8"], servers: ["https://big.example/"]},
      {of: ["192.0.2.0/24", "2001:db8::/32"], servers: ["https://small.example/"]},
    ],
    asn: [{of: ["64496-64511", "70000"], servers: ["https://asn.example/"]}],
    registrars: new Map([["9999", "https://registrar.example/rdap/"]]),
  });
  const serverOf = (asset: string): string | null => questionFor(servers, asset)?.server ?? null;
  assert.deepEqual(questionFor(servers, "Shop.Example"), {
    key: "domain/shop.example",
    server: "https://tld.example/rdap/",
  });
  assert.equal(serverOf("shop.co.example"), "https://second.example/");
  assert.equal(serverOf("例子.中国"), "https://tld.example/rdap/");
  assert.equal(serverOf("192.0.2.7"), "https://small.example/");
  assert.equal(serverOf("192.1.2.7"), "https://big.example/");
  assert.equal(serverOf("2001:db8::1"), "https://small.example/");
  assert.equal(serverOf("AS64500"), "https://asn.example/");
  assert.equal(serverOf("AS70000"), "https://asn.example/");
  for (const asset of ["AS70001", "10.0.0.1", "nothing.test", "example", ""])
    assert.equal(serverOf(asset), null, asset);
  assert.ok(servers.origins.has("https://registrar.example"));
});
