import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {MailHead, ReadMail} from "../../model/mail.ts";
import {classOfWords} from "./class-words.ts";
import {hashesIn, hostsIn, ipsIn, mailsIn, urlsIn} from "./findings.ts";
import {readPlainComplaint, wantsAnswer} from "./plain-complaint.ts";
import {refang} from "./refang.ts";
import {timeIn} from "./times.ts";

const HEAD: MailHead = {
  from: {name: "Wang", address: "wang@bank.example.com"},
  sender: null,
  replyTo: [],
  to: [{name: "", address: "report@cert.example.net"}],
  cc: [],
  subject: "",
  date: null,
  messageId: null,
  inReplyTo: [],
  references: [],
  returnPath: null,
  autoSubmitted: null,
  contentType: "text/plain",
  reportType: null,
  headers: [],
};
const mail = (subject: string, text: string): ReadMail => ({
  head: {...HEAD, subject},
  text,
  htmlText: null,
  parts: [],
  flags: [],
  pgp: [],
});
const complain = (subject: string, text: string) =>
  readPlainComplaint(mail(subject, text), {ownDomains: ["cert.example.net"]});
const assets = (subject: string, text: string): string[] =>
  (complain(subject, text)?.complaints ?? []).map(({asset}) => `${asset.kind} ${asset.value}`);

/** What people write, and the address that they mean. */
const DEFANGED: readonly (readonly [string, string])[] = [
  ["hxxp://evil.example.com/a", "http://evil.example.com/a"],
  ["hxxps://evil.example.com/a", "https://evil.example.com/a"],
  ["HXXPS://evil.example.com", "https://evil.example.com/"],
  ["h**p://evil.example.com", "http://evil.example.com/"],
  ["http[:]//evil.example.com", "http://evil.example.com/"],
  ["hxxp[://]evil.example.com", "http://evil.example.com/"],
  ["http://evil[.]example[.]com", "http://evil.example.com/"],
  ["http://evil(.)example(.)com/x", "http://evil.example.com/x"],
  ["http://evil[dot]example[dot]com", "http://evil.example.com/"],
  ["http://evil(dot)example(dot)com", "http://evil.example.com/"],
  ["http://evil{.}example.com", "http://evil.example.com/"],
  ["http://evil [.] example [.] com", "http://evil.example.com/"],
  ["http://evil[点]example[点]com", "http://evil.example.com/"],
  ["h t t p s : / / evil.example.com/a", "https://evil.example.com/a"],
  ["http：／／evil．example．com／a", "http://evil.example.com/a"],
  ["ｈｔｔｐ://ｅｖｉｌ.example.com", "http://evil.example.com/"],
  ["hxxp：//evil.example.com", "http://evil.example.com/"],
];

for (const [written, meant] of DEFANGED) {
  test(`${written} means ${meant}`, () => {
    assert.deepEqual(urlsIn(refang(`见 ${written} 。`)), [meant]);
  });
}

test("an address ends where Chinese text goes on", () => {
  const after = ["，请处置", "。谢谢", "、以及", "）", "】", "》", "；", "”", "的页面"];
  for (const next of after.slice(0, -1))
    assert.deepEqual(urlsIn(`网址：http://a.example.com/x${next}`), ["http://a.example.com/x"], next);
});

test("signs of the sentence behind an address are not of it, closed brackets are", () => {
  for (const next of [".", ",", ")", "!", "?", ":", ";", '"', ">", "]", "'"])
    assert.deepEqual(urlsIn(`(see http://a.example.com/x${next} and`), ["http://a.example.com/x"], next);
  assert.deepEqual(urlsIn("http://a.example.com/x_(y)"), ["http://a.example.com/x_(y)"]);
});

test("refanging leaves what was never defanged as it is", () => {
  const words = fc.array(
    fc.constantFrom(
      "the",
      "dot",
      "is",
      "http://a.example.com/b?c=d",
      "192.0.2.1",
      "网站",
      "a@b.example.com",
      "x.y",
      "(see)",
    ),
  );
  fc.assert(fc.property(words, (list) => refang(list.join(" ")) === list.join(" ") || list.includes("dot")));
});

test("addresses of machines are found in every form, numbers that are none are not", () => {
  assert.deepEqual(
    ipsIn("from 192.0.2.1:80, [198.51.100.7] and 2001:db8::1 at 10:20:30 version 1.2.3.4.5 or 999.1.1.1"),
    ["192.0.2.1", "198.51.100.7", "2001:db8::1"],
  );
});

test("hashes, mail addresses and names are found; file names are no host names", () => {
  assert.deepEqual(hashesIn(`MD5 ${"A".repeat(32)} and ${"b".repeat(64)} not ${"c".repeat(33)}`), [
    "a".repeat(32),
    "b".repeat(64),
  ]);
  assert.deepEqual(mailsIn("write to Bad.Guy+1@mail.example.com."), ["bad.guy+1@mail.example.com"]);
  assert.deepEqual(hostsIn("open run.exe on www.evil-site.com, index.php and 木马.中国"), ["www.evil-site.com"]);
});

const CLASSES: readonly (readonly [string, string | null])[] = [
  ["Phishing page impersonating our bank", "web.phish"],
  ["举报仿冒我行的钓鱼网站", "web.phish"],
  ["发现仿冒App", "web.fakeapp"],
  ["malware download at", "mal.site"],
  ["网页挂马", "mal.site"],
  ["C2 server on your network", "mal.c2"],
  ["恶意程序控制服务器", "mal.c2"],
  ["勒索软件", "mal.ransom"],
  ["your server is mining: cryptominer, crypto mining", "mal.mine"],
  ["SSH brute-force from your host", "att.brute"],
  ["端口扫描", "att.scan"],
  ["网站被篡改", "web.deface"],
  ["发现 webshell 后门", "web.backdoor"],
  ["DDoS attack", "net.ddos"],
  ["UBE: spam from your network", "abuse.spam"],
  ["投资诈骗网站", "abuse.fraud"],
  ["phishing spam", "web.phish"],
  ["malware and spam and scanning", null],
  ["hello", null],
];
for (const [words, code] of CLASSES) {
  test(`"${words}" is ${code ?? "left to a person"}`, () => {
    assert.equal(classOfWords(words, ""), code);
    assert.equal(classOfWords("", words), code);
  });
}

test("a time without an offset says nothing exact", () => {
  assert.equal(timeIn("seen 2023-02-20 10:00:00"), null);
  assert.equal(timeIn("seen 2023-02-20 10:00:00 +0800"), "2023-02-20T02:00:00.000Z");
  assert.equal(timeIn("2023-02-20T10:00:00Z"), "2023-02-20T10:00:00.000Z");
  assert.equal(timeIn("Mon, 20 Feb 2023 11:00AM PST"), "2023-02-20T19:00:00.000Z");
  assert.equal(timeIn("Mon, 20 Feb 2023 12:30AM PST"), "2023-02-20T08:30:00.000Z");
  assert.equal(timeIn("2023-02-31T99:00:00Z"), null);
});

test("a phishing report in Chinese names page, class, brand, time, and that an answer is wanted", () => {
  const read = complain(
    "举报钓鱼网站",
    "您好：\n我行监测到仿冒工商银行的网站 hxxps://icbc[.]evil-site[.]com/login，IP 198.51.100.7，发现时间 2023-02-20 10:00:00 +0800，请协助处置并回复。\n\n请尽快反馈。",
  );
  assert.deepEqual(read?.complaints, [
    {
      asset: {kind: "url", value: "https://icbc.evil-site.com/login"},
      class: "web.phish",
      seenAt: "2023-02-20T02:00:00.000Z",
      brand: "工商银行",
      ip: "198.51.100.7",
      port: null,
      evidence: read?.complaints[0]?.evidence,
    },
  ]);
  assert.equal(read?.wantsAnswer, true);
  assert.equal(read?.reporter?.address, "wang@bank.example.com");
});

test("the reporter's own pages, ours, and those of the signature are not what it is about", () => {
  const text =
    "Please take down http://evil-site.com/x\nSee our portal https://www.example.com/help and https://cert.example.net/\n-- \nWang\nhttp://signature-site.com";
  assert.deepEqual(assets("phishing report", text), ["url http://evil-site.com/x"]);
});

test("where somebody made an address harmless, that is the one", () => {
  assert.deepEqual(assets("phishing", "hxxp://evil-site.com/x is fake, the real one is https://www.real-bank.com/"), [
    "url http://evil-site.com/x",
  ]);
});

test("a name with a path is a page, and mail addresses that were made harmless count too", () => {
  assert.deepEqual(assets("phishing", "evil-site[.]com/login and sender bad[at]evil-mail[.]com"), [
    "url http://evil-site.com/login",
    "account bad@evil-mail.com",
  ]);
});

test("a page on the reporter's own domain counts when he made it harmless, one on ours never", () => {
  assert.deepEqual(assets("hacked page", "abuse report: hxxp://blog.example.com/x and hxxp://cert.example.net/y"), [
    "url http://blog.example.com/x",
  ]);
});

test("of several machines the one that is named as the source counts", () => {
  const text = "Your host attacked us.\nSource IP: 198.51.100.7\nLog: 203.0.113.5 GET /\nour server 203.0.113.5";
  assert.deepEqual(assets("abuse: port scanning", text), ["ip 198.51.100.7"]);
  assert.deepEqual(assets("端口扫描举报", "攻击IP：198.51.100.9，目标 203.0.113.5"), ["ip 198.51.100.9"]);
});

test("a list of addresses, one a line, is taken whole; machines that nobody can reach are not", () => {
  assert.deepEqual(
    assets("report: infected hosts", "We detected these bots:\n198.51.100.1\n198.51.100.2\n10.0.0.1\n127.0.0.1\n"),
    ["ip 198.51.100.1", "ip 198.51.100.2"],
  );
});

test("a hash of a malicious file is a file", () => {
  assert.deepEqual(assets("恶意程序样本上报", `发现恶意样本 ${"a1".repeat(32)}`), [`file ${"a1".repeat(32)}`]);
});

test("a mail that sells something is no complaint, though it has addresses", () => {
  assert.equal(complain("Special offer", "Buy now at http://shop-site.com/ and save 50%"), null);
  assert.equal(complain("会议通知", "请查看 http://meeting-site.com/ 的议程"), null);
});

test("what is decided by no word stays open", () => {
  const read = complain("请处置", "hxxp://evil-site.com/x");
  assert.deepEqual(
    read?.complaints.map(({class: code, seenAt, brand}) => ({code, seenAt, brand})),
    [{code: null, seenAt: null, brand: null}],
  );
});

test("a mail that names thousands of addresses is cut, and says so", () => {
  const read = complain(
    "phishing report",
    Array.from({length: 900}, (_, index) => `hxxp://evil-site.com/${index}`).join("\n"),
  );
  assert.equal(read?.complaints.length, 200);
  assert.match(read?.rejects[0] ?? "", /900/);
});

test("whether an answer is wanted is read only where it is said", () => {
  assert.equal(wantsAnswer("Please confirm receipt and let us know."), true);
  assert.equal(wantsAnswer("请回复"), true);
  assert.equal(wantsAnswer("Please do not reply to this message."), false);
  assert.equal(wantsAnswer("本邮件由系统发送，请勿回复。"), false);
  assert.equal(wantsAnswer("There is a page."), null);
});
