/** The environment variables that the product reads; docs/config.md is made from the table. */
export const ENVIRONMENT = {
  WATCHFLOOR_HOME: "The data folder, where `--home` does not name one; `./var` without it.",
  WATCHFLOOR_USER: "Who does it, where `--by` does not say; without it the name of the system's account.",
  WATCHFLOOR_KEY_PASSPHRASE:
    "The passphrase of the signing key: protects it at `init`, opens it at `edition publish`. Without it the key is not protected.",
  WATCHFLOOR_PORT:
    "The port that `serve` and `npm start` listen on, where `--port` does not name one; without it `serve.port` of watchfloor.yaml. 0 takes any that is free.",
  WATCHFLOOR_LOG: "`debug`: the server writes a line for each request. Anything else: starts, ends and faults only.",
} as const satisfies Record<string, string>;

/** Returns the value of a variable, or undefined when it is not set. */
export function environment(name: keyof typeof ENVIRONMENT): string | undefined {
  return process.env[name];
}
