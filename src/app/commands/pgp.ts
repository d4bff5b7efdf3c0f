import {visible} from "../../model/visible.ts";
import {type Answer, type Command, optional, tableText} from "../command.ts";
import {createOwnKey, type OwnKey, ownKey} from "../site/own-key.ts";
import {writeNew} from "./cases/files.ts";

const create: Command = {
  name: "pgp create",
  summary:
    "Makes the desk's OpenPGP key, which signs notifications and opens what is encrypted to us. WATCHFLOOR_PGP_PASSPHRASE protects it.",
  usage: "[--name NAME] [--address ADDRESS]",
  options: {name: {type: "string"}, address: {type: "string"}},
  run: async (call, open) => {
    const owner = {name: optional(call, "name") ?? null, address: optional(call, "address") ?? null};
    const key = await createOwnKey(await open(), owner, call.now);
    const answer = shown(key);
    const hint = key.isProtected
      ? ""
      : "\n\nThe key has no passphrase: whoever reads the file can sign for you. Set WATCHFLOOR_PGP_PASSPHRASE before making it to protect it.";
    return {...answer, text: `${answer.text}${hint}`};
  },
};

const show: Command = {
  name: "pgp show",
  summary: "Shows the desk's OpenPGP key; --out writes its public part to a new file, for those who write to you.",
  usage: "[--out FILE]",
  options: {out: {type: "string"}},
  run: async (call, open) => {
    const key = await ownKey(await open());
    const out = optional(call, "out");
    if (out === undefined) return shown(key);
    await writeNew(out, Buffer.from(key.publicKey));
    return {json: {out, fingerprint: key.fingerprint}, text: `the public key ${key.fingerprint} was written to ${out}`};
  },
};

function shown(key: OwnKey): Answer {
  const rows = [
    ["fingerprint", key.fingerprint],
    ["owner", visible(key.owner)],
    ["made", key.createdAt],
    ["ends", key.expiresAt ?? "never"],
    ["passphrase", key.isProtected ? "yes" : "no"],
  ];
  return {json: key, text: `${tableText(rows)}\n\n${key.publicKey.trim()}`};
}

/** Commands about the desk's OpenPGP key. */
export const PGP_COMMANDS: readonly Command[] = [create, show];
