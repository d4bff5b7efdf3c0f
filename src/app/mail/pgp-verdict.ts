/** What a signature is worth: taken from what the library verified, never from words in the mail. */
import type {Key, PartialConfig, VerifyMessageResult} from "openpgp";
import type {PgpPiece} from "../../model/mail.ts";

/** The verdict on a signature. */
export type Verdict = Pick<PgpPiece, "signature" | "signer" | "keyId">;

type VerificationResult = VerifyMessageResult["signatures"][number];

/** Verifies at that time, by those rules. */
export type Check = (date: Date, config: PartialConfig) => Promise<readonly VerificationResult[]>;

/** Against whom it is judged, when, and who the mail says it is from. */
export interface Bench {
  readonly contacts: readonly Key[];
  readonly now: Date;
  /** Lower case; empty when the mail does not say. */
  readonly from: string;
}

/** The library's own rules: no SHA-1 and MD5, no DSA, no short RSA. */
const STRICT: PartialConfig = {};
/** Old keys and hashes count too: only to tell "weak" from "bad". */
const RELAXED: PartialConfig = {
  rejectHashAlgorithms: new Set(),
  rejectMessageHashAlgorithms: new Set(),
  rejectPublicKeyAlgorithms: new Set(),
  rejectCurves: new Set(),
  minRSABits: 0,
};
const DAY_MS = 24 * 60 * 60 * 1000;
/** Best first: what one signature proves, another one beside it does not take away. */
const ORDER = ["good", "expired", "weak", "bad", "unknown_key", "unreadable", "none"];

/** The verdict where there is no signature. */
export const UNSIGNED: Verdict = {signature: "none", signer: null, keyId: null};

/** Judges all signatures of a piece and gives the best of them; "unreadable" when none of them can be read. */
export async function judge(check: Check, bench: Bench): Promise<Verdict> {
  let results: readonly VerificationResult[];
  try {
    results = await check(bench.now, STRICT);
  } catch {
    return {...UNSIGNED, signature: "unreadable"};
  }
  const verdicts: Verdict[] = [];
  for (const [index, result] of results.entries()) verdicts.push(await verdictOf(result, {index, check, bench}));
  return (
    verdicts.toSorted((a, b) => ORDER.indexOf(a.signature) - ORDER.indexOf(b.signature))[0] ?? {
      ...UNSIGNED,
      signature: "unreadable",
    }
  );
}

interface One {
  readonly index: number;
  readonly check: Check;
  readonly bench: Bench;
}

async function verdictOf(result: VerificationResult, {index, check, bench}: One): Promise<Verdict> {
  const keyId = result.keyID.toHex().toUpperCase();
  const known = bench.contacts.find((key) => key.getKeys(result.keyID).length > 0);
  if (known === undefined) return {signature: "unknown_key", signer: null, keyId};
  const addresses = known.users.flatMap(({userID}) => userID?.email?.toLowerCase() ?? []);
  const signer = {
    fingerprint: known.getFingerprint().toUpperCase(),
    address: addresses[0] ?? null,
    isSender: addresses.includes(bench.from),
  };
  const holds = async (date: Date, config: PartialConfig): Promise<boolean> =>
    isTrue(check(date, config).then((again) => again[index]?.verified ?? Promise.reject(new Error("gone"))));
  if (await known.isRevoked(undefined, undefined, bench.now)) return {signature: "expired", signer, keyId};
  if (await isTrue(result.verified)) {
    const isValidNow = await isTrue(known.getSigningKey(result.keyID, bench.now));
    return {signature: isValidNow ? "good" : "expired", signer, keyId};
  }
  const created = await createdOf(result);
  if (created === null || created.getTime() > bench.now.getTime() + DAY_MS) return {signature: "bad", signer, keyId};
  if (await holds(created, STRICT)) return {signature: "expired", signer, keyId};
  return {signature: (await holds(created, RELAXED)) ? "weak" : "bad", signer, keyId};
}

async function createdOf(result: VerificationResult): Promise<Date | null> {
  try {
    return (await result.signature).packets[0]?.created ?? null;
  } catch {
    return null;
  }
}

/** Whether it comes to pass; why it does not is of no use: the library names no codes. */
async function isTrue(promise: Promise<unknown>): Promise<boolean> {
  try {
    return Boolean(await promise);
  } catch {
    return false;
  }
}
