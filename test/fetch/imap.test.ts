/** Reports that come by mail, from a real mail server, also when its connection breaks in the middle. */
import assert from "node:assert/strict";
import test, {after} from "node:test";
import {gzipSync} from "node:zlib";
import {type Fetched, fetchFeed} from "../../src/app/fetch/fetch.ts";
import {openMailbox} from "../../src/app/mail/imap.ts";
import {WatchfloorError} from "../../src/model/errors.ts";
import {listReports} from "../../src/store/report-records.ts";
import {IMAP_PASSWORD, IMAP_USER, NO_IMAP, openCutter, openImap} from "../imap.ts";
import {freshReport, NOW, openListed} from "./listed.ts";

process.env["WATCHFLOOR_SECRET_IMAP"] = IMAP_PASSWORD;
process.env["WATCHFLOOR_SECRET_WRONG"] = "not the password";

const HAS = {skip: NO_IMAP};
const server = NO_IMAP === false ? await openImap() : null;
const cutter = await openCutter(server?.port ?? 1);
after(async () => {
  await cutter.close();
  await server?.close();
});

const from = (imap: object): object => ({
  fetch: {
    every: 10,
    from: {
      imap: {
        host: "127.0.0.1",
        port: server?.port ?? 1,
        tls: "none",
        user: IMAP_USER,
        passwordFrom: "WATCHFLOOR_SECRET_IMAP",
        ...imap,
      },
    },
  },
});
const house = await openListed(
  {
    inbox: from({subject: "*report*", from: "*@feeds.example", attachment: "*.csv*"}),
    bodies: from({mailbox: "Bodies", take: "body", moveTo: "Taken"}),
    cut: from({mailbox: "Cut", port: cutter.port}),
    wrong: from({passwordFrom: "WATCHFLOOR_SECRET_WRONG"}),
    nowhere: from({mailbox: "Nowhere"}),
    untrusted: from({port: server?.tlsPort ?? 1, tls: "tls"}),
    down: from({port: 1}),
    again: from({mailbox: "INBOX", subject: "*report*"}),
  },
  {limits: {messageBytes: 200_000}},
);
const fetchNow = (feed: string): Promise<Fetched> => fetchFeed(house, feed, {now: new Date()});
const reportsOf = async (feed: string): Promise<string[]> =>
  (await listReports(house.home, feed)).map(({fileName}) => fileName).sort();
const deliver = (mail: string, mailbox?: string): void => server?.deliver(mail, mailbox);

/** A mail with an attachment. */
function mailWith(
  name: string,
  content: string | Buffer,
  {subject = "Daily report", sender = "robot@feeds.example"} = {},
): string {
  return [
    `From: Robot <${sender}>`,
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "see the attachment",
    "--b",
    "Content-Type: application/octet-stream",
    `Content-Disposition: attachment; filename="${name}"`,
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(content).toString("base64").replaceAll(/.{76}/g, "$&\r\n"),
    "--b--",
    "",
  ].join("\r\n");
}

test(
  "attachments of the mails that are meant are taken once, and only those mails are marked as read",
  HAS,
  async () => {
    deliver(mailWith("one.csv", freshReport(2)));
    deliver(mailWith("spam.csv", freshReport(), {subject: "Your invoice"}));
    deliver(mailWith("forged.csv", freshReport(), {sender: "robot@elsewhere.example"}));
    deliver(mailWith("two.csv.gz", gzipSync(freshReport(3)), {subject: "=?utf-8?B?5ZGo5oqlIHJlcG9ydA==?="}));
    const first = await fetchNow("inbox");
    assert.deepEqual(
      [first.outcome, first.newReports, first.received],
      ["fetched", 2, 5],
      JSON.stringify(first.problem),
    );
    assert.deepEqual(await reportsOf("inbox"), ["one.csv", "two.csv"]);
    assert.deepEqual(server?.flags(), ["S", "", "", "S"]);
    assert.deepEqual((await fetchNow("inbox")).reports, 0);
    deliver(mailWith("three.csv", freshReport()));
    assert.equal((await fetchNow("inbox")).newReports, 1);
  },
);

test("a report came when its mail was received", HAS, async () => {
  const [report] = await listReports(house.home, "inbox");
  assert.ok(report && Math.abs(report.fetchedAt.getTime() - Date.now()) < 600_000);
});

test("a mail that cannot be used is flagged for a person and stays; the others are taken", HAS, async () => {
  const before = server?.flags().length ?? 0;
  deliver(mailWith("broken.csv", "<html>"));
  deliver("From: robot@feeds.example\r\nSubject: report without one\r\n\r\nnothing\r\n");
  deliver(mailWith("huge.csv", `${freshReport()}${"x".repeat(250_000)}`));
  deliver(mailWith("after.csv", freshReport()));
  const run = await fetchNow("inbox");
  assert.deepEqual([run.outcome, run.newReports, run.refused], ["partial", 1, 3]);
  assert.deepEqual(server?.flags().slice(before), ["F", "F", "F", "S"]);
  assert.equal((await fetchNow("inbox")).outcome, "unchanged", "what was refused is not tried again");
});

test("the text of a mail can be the report, and a mail that is done is moved", HAS, async () => {
  deliver(`From: a@feeds.example\r\nSubject: list\r\n\r\n${freshReport(2).replaceAll("\n", "\r\n")}`, "Bodies");
  const run = await fetchNow("bodies");
  assert.deepEqual([run.outcome, run.received], ["fetched", 2], JSON.stringify(run.problem));
  assert.deepEqual(server?.flags("Bodies"), []);
  assert.equal(server?.flags("Taken").length, 1);
});

test("a connection that breaks anywhere loses nothing and repeats nothing", HAS, async () => {
  const wanted: string[] = [];
  for (let mail = 1; mail <= 6; mail++) {
    wanted.push(`part-${mail}.csv`);
    deliver(mailWith(`part-${mail}.csv`, freshReport(40)), "Cut");
  }
  let failed = 0;
  let taken = 0;
  // each connection comes a little further than the one before
  for (let bytes = 300; ; bytes += 1700) {
    cutter.cutAfter(bytes);
    const run = await fetchNow("cut");
    taken += run.newReports;
    if (run.outcome !== "failed") break;
    failed++;
    assert.equal(run.problem?.code, "mailbox-broken");
    assert.ok(run.isPassing && bytes < 60_000);
  }
  cutter.cutAfter(null);
  assert.ok(failed > 3, `${failed} connections were cut`);
  assert.equal(taken, 6, "each counts once");
  assert.deepEqual(await reportsOf("cut"), wanted);
  assert.deepEqual(server?.flags("Cut"), Array(6).fill("S"));
  assert.equal((await fetchNow("cut")).reports, 0);
});

test("when the server gives all mails new numbers they are read again and count once", HAS, async () => {
  const first = await fetchNow("again");
  assert.ok(first.newReports > 0);
  await new Promise((resolve) => setTimeout(resolve, 1100)); // the number of a mailbox is a time in seconds
  server?.renumber();
  const second = await fetchNow("again");
  assert.deepEqual([second.reports, second.newReports], [first.reports, 0]);
});

test("what is wrong with a mail server is said in words", HAS, async () => {
  const codes: Record<string, string | undefined> = {};
  for (const feed of ["wrong", "nowhere", "untrusted", "down"]) codes[feed] = (await fetchNow(feed)).problem?.code;
  assert.deepEqual(codes, {
    wrong: "mailbox-refused",
    nowhere: "mailbox-refused",
    untrusted: "mailbox-broken",
    down: "mailbox-broken",
  });
  const {db} = await house.database();
  const said = JSON.stringify(await db.selectFrom("fetch_runs").selectAll().execute());
  assert.ok(!said.includes(IMAP_PASSWORD) && !said.includes("not the password"));
});

test("an open mailbox gives mails from a number on, and none twice while it grows", HAS, async () => {
  const place = {
    host: "127.0.0.1",
    port: server?.port,
    tls: "none",
    user: IMAP_USER,
    password: IMAP_PASSWORD,
    mailbox: "Growing",
  } as const;
  deliver("Subject: 1\r\n\r\nx\r\n", "Growing");
  deliver("Subject: 2\r\n\r\nx\r\n", "Growing");
  const mailbox = await openMailbox(place, 10_000);
  const seen: string[] = [];
  for await (const message of mailbox.messages(0)) {
    if (message.uid === 1) deliver("Subject: 3\r\n\r\nx\r\n", "Growing");
    seen.push(`${message.uid} ${message.subject}`);
  }
  assert.deepEqual(seen, ["1 1", "2 2"]);
  assert.deepEqual(await mailbox.numbers(2), [3]);
  assert.deepEqual(await mailbox.numbers(3), [], "the last mail is not given when it was before");
  await mailbox.close();
  await assert.rejects(
    mailbox.numbers(0),
    (error) => error instanceof WatchfloorError && error.code === "mailbox_unavailable",
  );
  await mailbox.close();
});

test("a stop ends the connection at once", HAS, async () => {
  const stop = new AbortController();
  const stopped = fetchFeed(house, "inbox", {now: NOW, signal: stop.signal});
  stop.abort(new Error("stopped by hand"));
  await assert.rejects(stopped, /stopped by hand/);
  assert.notEqual((await fetchNow("inbox")).outcome, "failed", "nobody waits for its lease");
});
