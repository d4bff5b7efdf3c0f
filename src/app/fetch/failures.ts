/** The one table of what goes wrong when a feed is fetched, in words that a person understands. docs/fetching.md lists it. */
import {type ErrorCode, WatchfloorError} from "../../model/errors.ts";
import type {FetchProblem} from "../../store/fetches.ts";

interface Failure {
  /** It may pass by itself: it is tried again soon, not only at the next time of the schedule. */
  readonly isPassing: boolean;
  readonly zh: (about: string) => string;
  readonly en: (about: string) => string;
}

/** `about` is the host, the variable, the file or the status that is meant. */
export const FAILURES = {
  "access-denied": {
    isPassing: false,
    zh: (about) => `对方拒绝访问（${about}）。请检查所用的密钥、账号或授权是否有效`,
    en: (about) => `access was denied (${about}): check the key, the account or the permission`,
  },
  "not-there": {
    isPassing: false,
    zh: (about) => `地址上没有内容（${about}）。请检查地址是否已更改`,
    en: (about) => `there is nothing at the address (${about}): check whether it has moved`,
  },
  "too-often": {
    isPassing: true,
    zh: (about) => `对方认为请求过于频繁（${about}）。请把 every 调大`,
    en: (about) => `the server says that we ask too often (${about}): set every higher`,
  },
  "server-fault": {
    isPassing: true,
    zh: (about) => `对方服务器出错（${about}），稍后自动重试`,
    en: (about) => `the server has a fault of its own (${about}); it is tried again`,
  },
  "odd-answer": {
    isPassing: false,
    zh: (about) => `对方的应答不符合约定（${about}）`,
    en: (about) => `the answer is not what was agreed (${about})`,
  },
  "address-refused": {
    isPassing: false,
    zh: (about) => `地址 ${about} 不在公网，未连接。若是本单位的镜像，请设 allowPrivate: true`,
    en: (about) =>
      `${about} is no public address and was not connected to; for a mirror of your own set allowPrivate: true`,
  },
  "redirect-refused": {
    isPassing: false,
    zh: (about) => `对方要求转到 ${about}，未跟随`,
    en: (about) => `the server redirects to ${about}, which is not followed`,
  },
  "no-such-host": {
    isPassing: true,
    zh: (about) => `找不到主机 ${about}。请检查名称和域名解析`,
    en: (about) => `the host ${about} cannot be found: check its name and the name servers`,
  },
  "no-connection": {
    isPassing: true,
    zh: (about) => `无法连接 ${about}，或连接中断；稍后自动重试`,
    en: (about) => `no connection to ${about}, or it broke; it is tried again`,
  },
  "too-slow": {
    isPassing: true,
    zh: (about) => `${about} 未在限定时间内完成；稍后自动重试`,
    en: (about) => `${about} took longer than is waited for; it is tried again`,
  },
  "too-large": {
    isPassing: false,
    zh: (about) => `内容超过上限（${about}）。如确需接收，请调高 watchfloor.yaml 中的 limits`,
    en: (about) => `it is larger than the limit (${about}): if it is right, raise limits in watchfloor.yaml`,
  },
  "secret-missing": {
    isPassing: false,
    zh: (about) => `环境变量 ${about} 未设置`,
    en: (about) => `the environment variable ${about} is not set`,
  },
  "folder-missing": {
    isPassing: true,
    zh: (about) => `文件夹 ${about} 不存在或无权读取`,
    en: (about) => `the folder ${about} is not there, or may not be read`,
  },
  "mailbox-refused": {
    isPassing: false,
    zh: (about) => `邮件服务器拒绝登录或没有该邮箱（${about}）。请检查账号、密码和邮箱名`,
    en: (about) => `the mail server refuses us or has no such mailbox (${about}): check user, password and mailbox`,
  },
  "mailbox-broken": {
    isPassing: true,
    zh: (about) => `与邮件服务器的连接失败或中断（${about}）；未读完的邮件下次继续`,
    en: (about) => `no connection to the mail server, or it broke (${about}); what was not read is read the next time`,
  },
  unreadable: {
    isPassing: false,
    zh: (about) => `内容无法读取（${about}）。请对照数据源格式检查`,
    en: (about) => `it cannot be read (${about}): check it against the format of the feed`,
  },
  "not-taken-in": {
    isPassing: true,
    zh: (about) => `本机未能接收（${about}）；稍后自动重试`,
    en: (about) => `it could not be taken in here (${about}); it is tried again`,
  },
  fault: {
    isPassing: true,
    zh: (about) => `程序内部错误（${about}），请反馈；稍后自动重试`,
    en: (about) => `an unexpected error, please report it (${about}); it is tried again`,
  },
  stopped: {
    isPassing: true,
    zh: () => "获取时程序停止；下次继续",
    en: () => "the program was stopped while fetching; it goes on the next time",
  },
} as const satisfies Record<string, Failure>;

/** What went wrong; every key of `FAILURES`. */
export type FailureCode = keyof typeof FAILURES;

/** A fetch that failed, or a part of it. */
export class FetchError extends Error {
  readonly code: FailureCode;
  readonly about: string;

  /** `about` is the host, the variable, the file or the status that is meant; never a secret. */
  constructor(code: FailureCode, about: string, cause?: unknown) {
    super(FAILURES[code].en(about), {cause});
    this.name = "FetchError";
    this.code = code;
    this.about = about;
  }
}

/** What is wrong with a report itself, however often it comes. */
const OF_THE_REPORT: ReadonlySet<ErrorCode> = new Set([
  "report_unreadable",
  "report_empty",
  "report_too_large",
  "report_bomb",
  "report_nested",
  "report_header",
]);

/** Returns whether the report itself is at fault, so that the rest of a fetch can go on. */
export function isOfReport(error: unknown): boolean {
  return error instanceof WatchfloorError && OF_THE_REPORT.has(error.code);
}

/** Returns what failed in a fetch as one of the table; what nobody expected is a fault of ours. */
export function failureOf(error: unknown): FetchError {
  if (error instanceof FetchError) return error;
  if (!(error instanceof WatchfloorError)) return new FetchError("fault", String(error), error);
  if (error.code === "secret_missing") return new FetchError("secret-missing", nameIn(error), error);
  if (error.code === "mailbox_refused") return new FetchError("mailbox-refused", whereOf(error), error);
  if (error.code === "mailbox_unavailable") return new FetchError("mailbox-broken", whereOf(error), error);
  if (isOfReport(error)) return new FetchError("unreadable", error.message, error);
  return new FetchError("not-taken-in", error.message, error);
}

/** Returns a failure as it is kept and shown. */
export function problemOf({code, about}: FetchError): FetchProblem {
  return {code, words: {zh: FAILURES[code].zh(about), en: FAILURES[code].en(about)}};
}

function nameIn(error: Error): string {
  return /WATCHFLOOR_SECRET_[A-Z0-9_]+/.exec(error.message)?.[0] ?? "WATCHFLOOR_SECRET_…";
}

function whereOf(error: Error): string {
  const {cause} = error;
  return cause instanceof Error ? cause.message : error.message;
}
