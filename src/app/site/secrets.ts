/** The secrets that a configuration names, and whether they are set where this runs. */
import type {Bilingual} from "../../model/format.ts";
import type {Config} from "../config.ts";
import {environment, isSecretSet} from "../environment.ts";

/** Returns a note for each secret that is named and not set. It may be set for the server, which is another process. */
export function secretNotes(config: Config): Bilingual[] {
  const needs: [name: string, what: string][] = [];
  if (config.inbox !== null) needs.push([config.inbox.passwordFrom, "inbox"]);
  for (const [feed, {fetch, enabled}] of Object.entries(config.feeds))
    for (const name of enabled ? secretsNamed(fetch?.from) : []) needs.push([name, `feeds.${feed}.fetch`]);
  const unset = needs.filter(([name]) => !isSecretSet(name));
  if (config.mail !== null && config.mail.smtp.user !== null && environment("WATCHFLOOR_SMTP_PASSWORD") === undefined)
    unset.push(["WATCHFLOOR_SMTP_PASSWORD", "mail.smtp"]);
  return unset.map(([name, what]) => ({
    zh: `${what} 需要环境变量 ${name}，此处未设置；运行 serve 的进程必须有它。`,
    en: `${what} needs the environment variable ${name}, which is not set here; the process that runs serve has to have it.`,
  }));
}

const NAMED = /WATCHFLOOR_SECRET_[A-Z0-9_]+/g;

/** The names stand in `…From` keys and in addresses. */
function secretsNamed(from: unknown): string[] {
  return from === undefined ? [] : [...new Set(JSON.stringify(from).match(NAMED) ?? [])];
}
