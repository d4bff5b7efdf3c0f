import path from "node:path";
import {backUpHome, readBackup, restoreHome} from "../../store/backup/home.ts";
import {type Command, needed} from "../command.ts";
import {CONFIG_FILE, readConfig} from "../config.ts";
import {TOOL_VERSION} from "../version.ts";

const NOT_IN_IT = [
  "the passphrase of the signing key, without which nothing more can be published under this key: keep it apart",
  "the other secrets of the environment: the passphrase of the OpenPGP key, passwords, WATCHFLOOR_SECRET_*",
  "look-ups and tables of weeks, which are made again when they are needed",
] as const;

const backup: Command = {
  name: "backup",
  summary:
    "Copies the whole data folder, its database included, into a new or empty folder, while work goes on. The passphrase is not in it.",
  usage: "--to DIR",
  options: {to: {type: "string"}},
  run: async (call, open) => {
    const to = path.resolve(needed(call, "to"));
    const house = await open();
    const {db} = await house.database();
    const size = await backUpHome({home: house.home, to, db, tool: TOOL_VERSION, now: call.now});
    const text = `${size.files} files with ${size.bytes} bytes and ${size.rows} rows of the database are in ${to}`;
    const left = NOT_IN_IT.map((each) => `not in it: ${each}`);
    return {json: {to, ...size, notInIt: NOT_IN_IT}, text: [text, ...left].join("\n")};
  },
};

const restore: Command = {
  name: "restore",
  summary: "Makes a data folder of a backup; --home is to be new or empty.",
  usage: "--from DIR",
  options: {from: {type: "string"}},
  run: async (call) => {
    const from = path.resolve(needed(call, "from"));
    await readBackup(from); // a folder that is no backup is called so, whatever its configuration
    const {database} = await readConfig(from);
    const size = await restoreHome({from, home: call.home, url: database.url, last: CONFIG_FILE});
    const text = `${size.files} files with ${size.bytes} bytes and ${size.rows} rows of the database are in ${call.home}`;
    const next = "edition verify --all says whether the archive is as it was published";
    return {json: {home: call.home, ...size}, text: `${text}\n${next}`};
  },
};

/** Commands about backups. */
export const BACKUP_COMMANDS: readonly Command[] = [backup, restore];
