import type {TroubleKind} from "../../model/verification.ts";

/** Something came between us and the page. It is a fact of the look, never the end of the process. */
export class ProbeTrouble extends Error {
  readonly kind: TroubleKind;

  /** `text` names the address, code or limit that is meant. */
  constructor(kind: TroubleKind, text: string, cause?: unknown) {
    super(text, {cause});
    this.name = "ProbeTrouble";
    this.kind = kind;
  }
}

const KINDS: Readonly<Record<string, TroubleKind>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-reset",
  EPIPE: "connection-reset",
  ENETUNREACH: "unreachable",
  EHOSTUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  ETIMEDOUT: "timeout",
  ABORT_ERR: "timeout",
  UND_ERR_ABORTED: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "headers-too-large",
  HPE_HEADER_OVERFLOW: "headers-too-large",
  UND_ERR_SOCKET: "cut",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "cut",
  ERR_STREAM_PREMATURE_CLOSE: "cut",
  EPROTO: "tls-failed",
};
const MOST_TEXT = 300;

/** Returns what an error of the network means. A code that is not known is a response that makes no sense. */
export function troubleOf(error: unknown): {kind: TroubleKind; text: string} {
  if (error instanceof ProbeTrouble) return {kind: error.kind, text: error.message.slice(0, MOST_TEXT)};
  const code = codeOf(error);
  const text = (error instanceof Error ? `${code} ${error.message}` : String(error)).trim().slice(0, MOST_TEXT);
  if (error instanceof Error && error.name === "AbortError") return {kind: "timeout", text};
  if (/^ERR_(SSL|TLS)|^CERT_/.test(code)) return {kind: "tls-failed", text};
  return {kind: KINDS[code] ?? "bad-response", text};
}

/** Returns the code of an error, or of what caused it; empty when it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return codeOf(error.cause);
}
