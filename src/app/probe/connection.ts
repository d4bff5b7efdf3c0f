import net from "node:net";
import tls from "node:tls";
import type {buildConnector} from "undici";
import {doorOf} from "./address.ts";
import {certificateOf, type TlsFacts} from "./certificate.ts";
import type {ProbeSettings} from "./settings.ts";
import {ProbeTrouble} from "./trouble.ts";

/** Old and broken sites are to be seen, too: nothing that comes over the connection is trusted. */
const CONTEXT = tls.createSecureContext({minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0"});

/** One connection that is to be made. */
export interface Pin {
  /** The address that was looked at by the guard. No name is looked up again: it cannot be another one now. */
  readonly address: string;
  /** The name that is asked for. */
  readonly host: string;
  readonly settings: Pick<ProbeSettings, "dial">;
  readonly onCertificate: (facts: TlsFacts) => void;
  readonly signal: AbortSignal;
}

/** Returns a connector for undici that goes to the pinned address and nowhere else. */
export function connectorTo(pin: Pin): buildConnector.connector {
  return ({port, protocol}, callback) => {
    openPinned(pin, {port: Number(port) || (protocol === "https:" ? 443 : 80), isTls: protocol === "https:"}).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

/** Opens a connection to the pinned address. Throws ProbeTrouble, or the error of the network. */
export async function openPinned(pin: Pin, {port, isTls}: {port: number; isTls: boolean}): Promise<net.Socket> {
  const door = doorOf(pin.address, port, pin.settings);
  const socket = net.connect({...door, noDelay: true});
  await opened(socket, {event: "connect", signal: pin.signal});
  if (pin.settings.dial === null && socket.remoteAddress !== undefined && !isAt(socket, pin.address)) {
    socket.destroy();
    throw new ProbeTrouble("address-refused", `led to ${socket.remoteAddress}`);
  }
  return isTls ? secure(socket, pin) : socket;
}

async function secure(socket: net.Socket, {host, onCertificate, signal}: Pin): Promise<net.Socket> {
  const secured = tls.connect({
    socket,
    ...(net.isIP(host) === 0 ? {servername: host} : {}),
    secureContext: CONTEXT,
    rejectUnauthorized: false, // what is wrong with the certificate is a fact of the look
    checkServerIdentity: () => undefined,
    ALPNProtocols: ["http/1.1"],
  });
  secured.once("error", () => socket.destroy());
  await opened(secured, {event: "secureConnect", signal}).catch((error: unknown) => {
    throw signal.aborted ? error : new ProbeTrouble("tls-failed", error instanceof Error ? error.message : "", error);
  });
  const facts = certificateOf(secured, host);
  if (facts !== null) onCertificate(facts);
  return secured;
}

/** Waits until a socket is open. One that fails or takes too long is destroyed. */
function opened(socket: net.Socket, {event, signal}: {event: string; signal: AbortSignal}): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null): void => {
      signal.removeEventListener("abort", abort);
      socket.removeListener("close", close);
      if (error === null) resolve();
      else {
        socket.destroy();
        reject(error);
      }
    };
    const abort = (): void => end(new ProbeTrouble("timeout", "the connection took too long"));
    const close = (): void => end(new ProbeTrouble("connection-reset", "closed before it was open"));
    socket.on("error", end); // stays: an error after the end must not end the process
    socket.once("close", close);
    socket.once(event, () => end(null));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, {once: true});
  });
}

function isAt(socket: net.Socket, address: string): boolean {
  const list = new net.BlockList();
  const family = net.isIPv6(address) ? "ipv6" : "ipv4";
  list.addAddress(address, family);
  return list.check(socket.remoteAddress ?? "", family);
}
