import tls from "node:tls";
import type {Look} from "../../model/verification.ts";

/** What a look says of a certificate. */
export type TlsFacts = NonNullable<Look["tls"]>;

const MOST_TEXT = 300;
const MOST_NAMES = 50;
const MOST_NAME = 255;

/** Returns the facts of the certificate that a server showed; null when it showed none. */
export function certificateOf(socket: tls.TLSSocket, host: string): TlsFacts | null {
  const certificate = socket.getPeerCertificate();
  if (certificate?.fingerprint256 === undefined) return null;
  const validTo = dateOf(certificate.valid_to);
  return {
    host: host.slice(0, MOST_NAME),
    subject: nameOf(certificate.subject),
    names: namesOf(certificate.subjectaltname),
    issuer: nameOf(certificate.issuer),
    validFrom: dateOf(certificate.valid_from)?.toISOString() ?? null,
    validTo: validTo?.toISOString() ?? null,
    sha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase().slice(0, 64),
    isExpired: validTo !== null && validTo < new Date(),
    isForHost: isFor(host, certificate),
    isSelfSigned: JSON.stringify(certificate.subject) === JSON.stringify(certificate.issuer),
    error: socket.authorizationError === undefined || socket.authorizationError === null ? null : errorOf(socket),
  };
}

function errorOf({authorizationError: error}: tls.TLSSocket): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, MOST_TEXT);
}

/** The common name, else the organisation. Several values of one field are joined. */
function nameOf(name: tls.Certificate | undefined): string {
  const value: unknown = name?.CN ?? name?.O ?? "";
  return (Array.isArray(value) ? value.join(", ") : String(value)).slice(0, MOST_TEXT);
}

function namesOf(text: string | undefined): string[] {
  const names = (text ?? "").split(", ").map((each) => each.replace(/^(DNS|IP Address):/, "").slice(0, MOST_NAME));
  return names.filter((each) => each !== "").slice(0, MOST_NAMES);
}

function isFor(host: string, certificate: tls.PeerCertificate): boolean {
  try {
    return tls.checkServerIdentity(host, certificate) === undefined;
  } catch {
    return false; // a certificate so odd that Node cannot read it is for nobody
  }
}

function dateOf(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}
