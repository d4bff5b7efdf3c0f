import assert from "node:assert/strict";
import test from "node:test";
import {caseOf, contactOf, noticeOf, TOKEN_KEY} from "../../../test/notice-samples.ts";
import {messageIdOf, noticeId, noticeToken, subjectsOf, tokensIn} from "./identity.ts";

const template = {name: "zh/opened.yaml", version: "0123456789ab"};
const idOf = (given: Parameters<typeof noticeOf>[0], version = template.version, key: Uint8Array = TOKEN_KEY): string =>
  messageIdOf({notification: noticeOf(given), template: {...template, version}, domain: "csirt.example", key});

test("the token in a subject is found again, also in a reply and in capitals", () => {
  const token = noticeToken("WN-2023-000045", TOKEN_KEY);
  assert.match(token, /^\[WN-2023-000045 [0-9a-z]{6}\]$/);
  assert.deepEqual(tokensIn(`回复：Re: ${token} 请协助`, TOKEN_KEY), ["WN-2023-000045"]);
  assert.deepEqual(tokensIn(`${token.toUpperCase()} ${token}`, TOKEN_KEY), ["WN-2023-000045"]);
});

test("a token that somebody made up, or that another key made, is none", () => {
  assert.deepEqual(tokensIn("[WN-2023-000045 aaaaaa] [WN-2023-000045]", TOKEN_KEY), []);
  assert.deepEqual(tokensIn(noticeToken("WN-2023-000045", Buffer.from("another")), TOKEN_KEY), []);
  const [proof = ""] = noticeToken("WN-2023-000045", TOKEN_KEY).split(" ").slice(1);
  assert.deepEqual(tokensIn(`[WN-2023-000046 ${proof}`, TOKEN_KEY), []);
});

test("the Message-ID is the same for the same case rounds, contact, template and version, and no other", () => {
  const same = idOf({});
  assert.match(same, /^<[0-9a-f]{32}@csirt\.example>$/);
  assert.equal(idOf({id: "WN-2023-000099"}), same, "also when the notification is made again under another id");
  assert.equal(idOf({cases: [caseOf(1), caseOf(2)]}), idOf({cases: [caseOf(2), caseOf(1)]}));
  const others = [
    idOf({cases: [caseOf(123, {round: 2})]}),
    idOf({cases: [caseOf(124)]}),
    idOf({contact: contactOf({id: "CT-2"})}),
    idOf({event: "reminder"}),
    idOf({event: "reminder", ordinal: 2}),
    idOf({}, "ffffffffffff"),
    idOf({}, template.version, Buffer.from("another")),
  ];
  assert.equal(new Set([same, ...others]).size, others.length + 1);
});

test("ids are short and in order; what is no year or number makes none", () => {
  assert.equal(noticeId(2023, 45), "WN-2023-000045");
  assert.equal(noticeId(2023, 1_234_567), "WN-2023-1234567");
  assert.throws(() => noticeId(2023, -1), RangeError);
});

test("the yearly question is about the contact, an answer to a reporter about the complaint", () => {
  assert.deepEqual(subjectsOf(noticeOf({cases: []})), ["CT-1"]);
  const complaint = {id: "WC-2023-000001", receivedAt: new Date(0), outcome: null};
  assert.deepEqual(subjectsOf(noticeOf({cases: [], complaint})), ["WC-2023-000001"]);
});
