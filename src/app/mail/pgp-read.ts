/**
 * OpenPGP in a mail: what is encrypted is decrypted by our keys, what is signed is verified by the keys of our contacts, and
 * each piece has its own verdict. A mail that is signed in part is shown in parts. Source: RFC 3156, RFC 9580.
 */
import {
  createMessage,
  decrypt,
  decryptKey,
  type Key,
  type PrivateKey,
  readCleartextMessage,
  readKeys,
  readMessage,
  readPrivateKey,
  readSignature,
  verify,
} from "openpgp";
import type {PgpPiece} from "../../model/mail.ts";
import {bytesOf, textOf} from "./leaf-text.ts";
import {MAIL_LIMITS, PGP_DEPTH, PGP_PIECES} from "./limits.ts";
import {clean} from "./mail-head.ts";
import {leavesOf, type MimeNode, mimeTree} from "./mime-tree.ts";
import {armorBlocks} from "./pgp-blocks.ts";
import {type Bench, judge, UNSIGNED, type Verdict} from "./pgp-verdict.ts";

/** Keys as text. `contacts` are public keys, each armored. */
export interface PgpKeys {
  readonly ours: readonly {readonly armored: string; readonly passphrase: string | null}[];
  readonly contacts: readonly string[];
}

/** Keys that were read. */
export interface OpenKeys {
  readonly ours: readonly PrivateKey[];
  readonly contacts: readonly Key[];
}

/** What was found. */
export interface PgpReading {
  readonly pieces: readonly PgpPiece[];
  /** Decrypted entities of PGP/MIME: to be read as mail again. */
  readonly entities: readonly Buffer[];
  /** Texts that stand for the armored blocks of the text, in their order; null where one could not be decrypted. */
  readonly inline: readonly (string | null)[];
}

/** Reads keys; a broken one of a contact is left out, as an unknown key is what it then is. */
export async function openKeys({ours, contacts}: PgpKeys): Promise<OpenKeys> {
  const opened: PrivateKey[] = [];
  for (const {armored, passphrase} of ours) {
    const key = await readPrivateKey({armoredKey: armored});
    opened.push(passphrase === null ? key : await decryptKey({privateKey: key, passphrase}));
  }
  const read = await Promise.all(contacts.map((armoredKeys) => readKeys({armoredKeys}).catch(() => [])));
  return {ours: opened, contacts: read.flat()};
}

/** Whether it is worth looking: the words are there somewhere, encoded or not. */
export function mayHavePgp(raw: Buffer): boolean {
  return /application\/pgp-|-----BEGIN PGP|\.(pgp|gpg|asc)\b|LS0tLS1CRUdJTiBQR1A/i.test(raw.toString("latin1"));
}

const DECRYPT = {maxDecompressedMessageSize: MAIL_LIMITS.mailBytes, maxArgon2MemoryExponent: 16};

interface Walk {
  readonly keys: OpenKeys;
  readonly bench: Bench;
  readonly pieces: PgpPiece[];
  readonly entities: Buffer[];
  readonly inline: (string | null)[];
  /** Paths whose content has a verdict, or is the signature of another part. */
  readonly covered: Set<string>;
}

/** Looks at all parts of a mail. Bounded: at most PGP_PIECES pieces, encrypted in encrypted PGP_DEPTH deep. */
export async function readPgp(tree: MimeNode, keys: OpenKeys, at: Pick<Bench, "now" | "from">): Promise<PgpReading> {
  const bench = {contacts: keys.contacts, ...at};
  const walk: Walk = {keys, bench, pieces: [], entities: [], inline: [], covered: new Set()};
  await visit(tree, walk, 0);
  if (walk.pieces.length > 0) {
    for (const leaf of leavesOf(tree)) if (!isCovered(leaf.path, walk.covered)) walk.pieces.push(unsigned(leaf));
  }
  return {pieces: walk.pieces, entities: walk.entities, inline: walk.inline};
}

async function visit(node: MimeNode, walk: Walk, depth: number): Promise<void> {
  if (walk.pieces.length >= PGP_PIECES || depth > PGP_DEPTH) return;
  const [first, second] = node.children;
  const protocol = node.parameters.get("protocol")?.toLowerCase() ?? "";
  if (node.type === "multipart/signed" && protocol.includes("pgp") && first !== undefined && second !== undefined)
    return visitSigned(first, second, {walk, depth});
  if (node.type === "multipart/encrypted" && second !== undefined) return visitEncrypted(node, second, {walk, depth});
  if (first === undefined) return visitLeaf(node, walk);
  for (const child of node.children) {
    await visit(child, walk, depth);
    const signature = node.children.find(
      (other) => other.fileName !== null && isSignatureOf(other.fileName, child.fileName),
    );
    if (signature !== undefined) await visitDetached(child, signature, walk);
  }
}

interface Step {
  readonly walk: Walk;
  readonly depth: number;
}

async function visitSigned(signed: MimeNode, signature: MimeNode, {walk, depth}: Step): Promise<void> {
  const verdict = await detached(canonical(signed.raw), bytesOf(signature), walk.bench);
  walk.pieces.push({...plain(signed.path, firstText(signed)), how: "mime", ...verdict});
  walk.covered.add(signed.path).add(signature.path);
  await visit(signed, walk, depth + 1);
}

async function visitEncrypted(node: MimeNode, content: MimeNode, {walk, depth}: Step): Promise<void> {
  walk.covered.add(node.path);
  const opened = await open(bytesOf(content), walk);
  if ("failure" in opened) {
    walk.pieces.push({...plain(node.path, null), how: "mime", isEncrypted: true, failure: opened.failure});
    return;
  }
  const inner = treeOf(opened.bytes, `${node.path}+`);
  if (inner === null) {
    walk.pieces.push({...plain(node.path, null), how: "mime", isEncrypted: true, failure: "too_large"});
    return;
  }
  walk.entities.push(opened.bytes);
  walk.pieces.push({...plain(inner.path, firstText(inner)), how: "mime", isEncrypted: true, ...opened.verdict});
  await visit(inner, walk, depth + 1);
}

async function visitLeaf(node: MimeNode, walk: Walk): Promise<void> {
  if (node.type === "application/pgp-signature" || node.type === "application/pgp-encrypted")
    walk.covered.add(node.path);
  const isText = node.type.startsWith("text/") && node.type !== "text/html";
  const bytes = bytesOf(node);
  if (isText && node.fileName === null) return visitText(node, walk);
  const isArmored = bytes.toString("latin1", 0, 27) === "-----BEGIN PGP MESSAGE-----";
  if (!isArmored && !/\.(pgp|gpg)$/i.test(node.fileName ?? "")) return isText ? visitText(node, walk) : undefined;
  walk.covered.add(node.path);
  const opened = await open(bytes, walk);
  const text = "failure" in opened ? null : opened.bytes.toString("utf8");
  walk.pieces.push({
    ...plain(node.path, text),
    how: "inline",
    isEncrypted: true,
    ...("failure" in opened ? {failure: opened.failure} : opened.verdict),
  });
}

/** A text may hold several blocks, and words of anybody before, between and after them. */
async function visitText(node: MimeNode, walk: Walk): Promise<void> {
  const text = textOf(node);
  const blocks = armorBlocks(text).slice(0, PGP_PIECES - walk.pieces.length);
  if (blocks.length === 0) return;
  walk.covered.add(node.path);
  let at = 0;
  for (const {from, to, what} of blocks) {
    pushRest(text.slice(at, from), node, walk);
    at = to;
    const block = text.slice(from, to);
    const piece = await (what === "encrypted" ? openInline : verifyInline)(block, node.path, walk);
    walk.pieces.push(piece);
    walk.inline.push(piece.text);
  }
  pushRest(text.slice(at), node, walk);
}

function pushRest(text: string, node: MimeNode, walk: Walk): void {
  if (text.trim() !== "") walk.pieces.push(plain(node.path, text.trim()));
}

async function openInline(block: string, path: string, walk: Walk): Promise<PgpPiece> {
  const opened = await open(Buffer.from(block), walk);
  const base = {
    ...plain(`${path}`, "failure" in opened ? null : opened.bytes.toString("utf8")),
    how: "inline" as const,
    isEncrypted: true,
  };
  return "failure" in opened ? {...base, failure: opened.failure} : {...base, ...opened.verdict};
}

async function verifyInline(block: string, path: string, {bench}: Walk): Promise<PgpPiece> {
  const piece = {...plain(path, null), how: "inline" as const};
  try {
    const message = await readCleartextMessage({cleartextMessage: block});
    const check = async (date: Date, config: object) =>
      (await verify({message, verificationKeys: [...bench.contacts], date, config})).signatures;
    return {...piece, ...plain(path, message.getText()), how: "inline", ...(await judge(check, bench))};
  } catch {
    return {...piece, signature: "unreadable"};
  }
}

async function visitDetached(signed: MimeNode, signature: MimeNode, walk: Walk): Promise<void> {
  const verdict = await detached(bytesOf(signed), bytesOf(signature), walk.bench);
  walk.covered.add(signed.path).add(signature.path);
  walk.pieces.push({
    ...plain(signed.path, signed.type.startsWith("text/") ? textOf(signed) : null),
    how: "inline",
    ...verdict,
  });
}

async function detached(signed: Buffer, armor: Buffer, bench: Bench): Promise<Verdict> {
  try {
    const text = armor.toString("latin1");
    const signature = text.includes("-----BEGIN PGP")
      ? await readSignature({armoredSignature: text})
      : await readSignature({binarySignature: armor});
    return await judgeDetached(signed, signature, bench);
  } catch {
    return {...UNSIGNED, signature: "unreadable"};
  }
}

async function judgeDetached(
  signed: Uint8Array,
  signature: Awaited<ReturnType<typeof readSignature>>,
  bench: Bench,
): Promise<Verdict> {
  const message = await createMessage({binary: signed});
  return judge(
    async (date, config) =>
      (await verify({message, signature, verificationKeys: [...bench.contacts], date, config})).signatures,
    bench,
  );
}

type Opened =
  | {readonly bytes: Buffer; readonly verdict: Verdict}
  | {readonly failure: "no_key" | "damaged" | "too_large"};

async function open(content: Buffer, {keys, bench}: Walk): Promise<Opened> {
  try {
    const text = content.toString("latin1");
    const message = text.includes("-----BEGIN PGP MESSAGE-----")
      ? await readMessage({armoredMessage: text.slice(text.indexOf("-----BEGIN PGP MESSAGE-----"))})
      : await readMessage({binaryMessage: content});
    const ids = message.getEncryptionKeyIDs();
    if (!ids.some((id) => /^0+$/.test(id.toHex()) || keys.ours.some((key) => key.getKeys(id).length > 0)))
      return {failure: "no_key"};
    const {data, signatures} = await decrypt({
      message,
      decryptionKeys: [...keys.ours],
      format: "binary",
      config: DECRYPT,
    });
    const bytes = Buffer.from(data);
    const [found] = signatures;
    return {bytes, verdict: found === undefined ? UNSIGNED : await judgeDetached(bytes, await found.signature, bench)};
  } catch (error) {
    return {failure: /size exceeded/i.test(error instanceof Error ? error.message : "") ? "too_large" : "damaged"};
  }
}

function treeOf(bytes: Buffer, prefix: string): MimeNode | null {
  try {
    return renamed(mimeTree(bytes, MAIL_LIMITS), prefix);
  } catch {
    return null;
  }
}

function renamed(node: MimeNode, prefix: string): MimeNode {
  return {...node, path: `${prefix}${node.path}`, children: node.children.map((child) => renamed(child, prefix))};
}

function plain(path: string, text: string | null): PgpPiece {
  const cut = text === null ? null : clean(text.slice(0, 100_000));
  return {path, how: "none", isEncrypted: false, failure: null, ...UNSIGNED, text: cut};
}

function unsigned(leaf: MimeNode): PgpPiece {
  return plain(leaf.path, leaf.type.startsWith("text/") ? textOf(leaf) : null);
}

function isCovered(path: string, covered: ReadonlySet<string>): boolean {
  return [...covered].some((above) => path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}+`));
}

function isSignatureOf(name: string, other: string | null): boolean {
  return other !== null && (name === `${other}.sig` || name === `${other}.asc`);
}

function firstText(node: MimeNode): string | null {
  const leaf = leavesOf(node).find(({type}) => type.startsWith("text/"));
  return leaf === undefined ? null : textOf(leaf);
}

/** A signature over MIME is over lines that end with CRLF. Source: RFC 3156 section 5. */
function canonical(raw: Buffer): Buffer {
  return Buffer.from(raw.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
}
