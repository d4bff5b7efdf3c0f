import assert from "node:assert/strict";
import {createServer} from "node:net";
import test, {after, beforeEach} from "node:test";
import {openSmtp} from "../../../test/smtp.ts";
import {strictAddress} from "./envelope.ts";
import {type Mailer, openMailer} from "./send.ts";

const server = await openSmtp();
const mailer = mailerTo(server.port);
after(async () => {
  mailer.close();
  await server.close();
});
beforeEach(() => {
  server.clear();
  server.behave({does: "accept"});
});

function mailerTo(port: number, secure: "none" | "starttls" = "none"): Mailer {
  return openMailer(
    {domain: "csirt.example", smtp: {host: "127.0.0.1", port, secure, user: null, timeoutSeconds: 1}},
    null,
  );
}

function mailTo(address: string, text = "Subject: x\r\n\r\nwords\r\n"): Parameters<Mailer["send"]>[0] {
  const [from, to] = [strictAddress("bounces@csirt.example"), strictAddress(address)];
  assert.ok(from !== null && to !== null);
  return {envelope: {from, to}, bytes: Buffer.from(text), messageId: "<1@csirt.example>"};
}

test("a mail that the server takes is accepted, with its answer, byte for byte and for one recipient", async () => {
  const mail = mailTo("abuse@registrar.example", `Subject: x\r\n\r\n${".dots\r\n".repeat(3000)}`);
  const result = await mailer.send(mail);
  assert.equal(result.outcome, "accepted");
  assert.match(result.outcome === "accepted" ? result.response : "", /^250/);
  assert.equal(server.mails.length, 1);
  assert.deepEqual(server.mails[0]?.to, ["abuse@registrar.example"]);
  assert.equal(server.mails[0]?.from, "bounces@csirt.example");
  assert.deepEqual(server.mails[0]?.bytes, mail.bytes);
});

test("an address with other letters is sent with SMTPUTF8", async () => {
  assert.equal((await mailer.send(mailTo("滥用@registrar.example"))).outcome, "accepted");
  assert.equal(server.mails[0]?.parameters["SMTPUTF8"], true);
});

for (const at of ["mail", "rcpt", "data"] as const) {
  test(`5xx at ${at} is a refusal for good, 4xx is for now; the next mail goes out`, async () => {
    server.behave({does: "refuse", at, status: 550, text: "no such mailbox"});
    const refused = await mailer.send(mailTo("a@b.example"));
    assert.equal(refused.outcome, "refused");
    assert.match(refused.outcome === "refused" ? refused.reason : "", /550/);
    server.behave({does: "refuse", at, status: 451, text: "try later"});
    assert.equal((await mailer.send(mailTo("a@b.example"))).outcome, "temporary");
    server.behave({does: "accept"});
    assert.equal((await mailer.send(mailTo("a@b.example"))).outcome, "accepted");
    assert.equal(server.mails.length, 1);
  });
}

test("a connection that is lost before the server took any of the mail is for now", async () => {
  server.behave({does: "hang-up", at: "rcpt"});
  assert.equal((await mailer.send(mailTo("a@b.example"))).outcome, "temporary");
  server.behave({does: "stall", at: "rcpt"});
  assert.equal((await mailer.send(mailTo("a@b.example"))).outcome, "temporary");
  assert.equal(server.mails.length, 0);
});

test("a connection that is lost after the whole mail was taken leaves the outcome unknown, and it is not sent again", async () => {
  for (const behaviour of [
    {does: "hang-up", at: "after-data"},
    {does: "stall", at: "after-data"},
  ] as const) {
    server.clear();
    server.behave(behaviour);
    assert.equal((await mailer.send(mailTo("a@b.example"))).outcome, "unknown", behaviour.does);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(server.mails.length, 1, behaviour.does);
  }
});

test("a connection that is lost in the middle of a large mail is for now: without its end no server may keep it", async () => {
  server.behave({does: "hang-up", at: "in-data"});
  const large = mailTo("a@b.example", `Subject: x\r\n\r\n${`${"x".repeat(70)}\r\n`.repeat(400_000)}`);
  const result = await mailer.send(large);
  assert.deepEqual([result.outcome, result.outcome === "temporary" && result.isReached], ["temporary", true]);
  assert.equal(server.mails.length, 0);
});

test("200 mails at once are each taken once", async () => {
  const results = await Promise.all(Array.from({length: 200}, (_, at) => mailer.send(mailTo(`a${at}@b.example`))));
  assert.ok(results.every(({outcome}) => outcome === "accepted"));
  assert.equal(new Set(server.mails.map(({to}) => to[0])).size, 200);
  assert.equal(server.mails.length, 200);
});

test("where nobody listens it is for now", async () => {
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
  const address = unused.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => unused.close(resolve));
  const lonely = mailerTo(port);
  assert.equal((await lonely.send(mailTo("a@b.example"))).outcome, "temporary");
  lonely.close();
});

test("a server without TLS gets nothing where TLS is demanded", async () => {
  const careful = mailerTo(server.port, "starttls");
  assert.equal((await careful.send(mailTo("a@b.example"))).outcome, "temporary");
  assert.equal(server.mails.length, 0);
  careful.close();
});

test("an account without a password stops the start", () => {
  assert.throws(
    () =>
      openMailer(
        {
          domain: "csirt.example",
          smtp: {host: "127.0.0.1", port: 1, secure: "none", user: "desk", timeoutSeconds: 1},
        },
        null,
      ),
    {code: "config_invalid"},
  );
});
