/**
 * What is to be done when the process ends without having closed what it opened: by its own end, by an exception, or by
 * a signal that nobody else handles. After kill -9 nothing runs; the next process notices.
 */
const actions = new Set<() => void>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let isListening = false;

/** Has the action done, synchronously, at the end of the process. Returns what takes it back. */
export function atProcessEnd(action: () => void): () => void {
  listen();
  actions.add(action);
  return () => {
    actions.delete(action);
  };
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  process.on("exit", doAll);
  for (const signal of SIGNALS) process.on(signal, endBy);
}

function doAll(): void {
  for (const action of actions) action();
  actions.clear();
}

/** Somebody else who listens to the signal ends the process in order; only without one is it our business. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  doAll();
  process.off(signal, endBy);
  process.kill(process.pid, signal);
}
