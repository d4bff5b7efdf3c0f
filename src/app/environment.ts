import nodeModule from "node:module";
import path from "node:path";
import {WatchfloorError} from "../model/errors.ts";

/** The environment variables that the product reads; docs/config.md is made from the table. */
export const ENVIRONMENT = {
  WATCHFLOOR_HOME: "The data folder, where `--home` does not name one; `./var` without it.",
  WATCHFLOOR_USER: "Who does it, where `--by` does not say; without it the name of the system's account.",
  WATCHFLOOR_KEY_PASSPHRASE:
    "The passphrase of the signing key: protects it at `init`, opens it at `edition publish`. Without it the key is not protected.",
  WATCHFLOOR_PGP_PASSPHRASE: "The passphrase of the OpenPGP key `keys/notices.asc`, which signs mails.",
  WATCHFLOOR_SMTP_PASSWORD: "The password of `mail.smtp.user`.",
  WATCHFLOOR_PORT:
    "The port that `serve` and `npm start` listen on, where `--port` does not name one; without it `serve.port` of watchfloor.yaml. 0 takes any that is free.",
  WATCHFLOOR_LOG: "`debug`: the server writes a line for each request. Anything else: starts, ends and faults only.",
} as const satisfies Record<string, string>;

/** The variables whose names a site chooses: secrets that watchfloor.yaml names. */
export const SECRETS = {
  name: "WATCHFLOOR_SECRET_*",
  text: "A secret of the site, such as the password of a mailbox or the key of a feed. `watchfloor.yaml` says which one is used where (`passwordFrom: WATCHFLOOR_SECRET_IMAP`), and never holds the secret itself.",
} as const;

/** What such a name looks like. */
export const SECRET_NAME = /^WATCHFLOOR_SECRET_[A-Z0-9_]+$/;

/** Returns the secret of that name. Throws secret_missing when it is not set, or empty. */
export function secretOf(name: string): string {
  const value = SECRET_NAME.test(name) ? process.env[name] : undefined;
  if (value === undefined || value === "") throw new WatchfloorError("secret_missing", name);
  return value;
}

/** Returns whether a secret is set. */
export function isSecretSet(name: string): boolean {
  return SECRET_NAME.test(name) && (process.env[name] ?? "") !== "";
}

/** Returns the value of a variable, or undefined when it is not set. */
export function environment(name: keyof typeof ENVIRONMENT): string | undefined {
  return process.env[name];
}

const COMPILED = path.resolve(import.meta.dirname, "../../node_modules/.cache/compiled");

/**
 * Has Node keep what it compiles, in this process and in those that it starts: the next command starts sooner. Of no harm
 * where nothing can be written.
 */
export function keepCompiled(): void {
  process.env["NODE_COMPILE_CACHE"] ??= COMPILED;
  nodeModule.enableCompileCache();
}
