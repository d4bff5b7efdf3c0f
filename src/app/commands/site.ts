import {WatchfloorError} from "../../model/errors.ts";
import type {Bilingual} from "../../model/format.ts";
import {visible} from "../../model/visible.ts";
import {type Answer, type Call, type Command, optional, tableText} from "../command.ts";
import {type Config, hasShippedPublisher} from "../config.ts";
import {environment} from "../environment.ts";
import {checkSite} from "../site/checking.ts";
import type {SiteFault} from "../site/faults.ts";
import {initHome} from "../site/init.ts";
import {keyNotes} from "../site/keys.ts";
import {tableAges} from "../site/lookups.ts";
import {secretNotes} from "../site/secrets.ts";

const init: Command = {
  name: "init",
  summary: "Makes a data folder with a commented configuration and a signing key.",
  usage: "[--profile cn|generic]",
  options: {profile: {type: "string"}},
  run: async (call) => {
    const passphrase = environment("WATCHFLOOR_KEY_PASSPHRASE") ?? null;
    const files = await initHome({
      home: call.home,
      profile: optional(call, "profile") ?? "cn",
      passphrase,
    });
    const hint =
      passphrase === null
        ? "\nThe signing key has no passphrase: set WATCHFLOOR_KEY_PASSPHRASE before init to protect it."
        : "";
    return {json: {home: call.home, files}, text: `made ${call.home}: ${files.join(", ")}${hint}`};
  },
};

const formats: Command = {
  name: "formats",
  summary: "Lists the formats that can be read.",
  usage: "",
  options: {},
  run: async (_call, open) => {
    const house = await open();
    const all = house.formats.map(({name, kind, title, source, isStandingList}) => ({
      name,
      kind,
      title,
      source,
      isStandingList: isStandingList === true,
    }));
    return {json: all, text: tableText(all.map((format) => [format.name, format.kind, format.title.en]))};
  },
};

const indicators: Command = {
  name: "indicators",
  summary: "Lists the indicators with their definitions.",
  usage: "",
  options: {},
  run: async (_call, open) => {
    const house = await open();
    const all = (await house.definitions()).map(({id, ...rest}) => ({name: id, id, ...rest}));
    return {
      json: all,
      text: tableText(
        all.map((each) => [each.id, `v${each.version}`, each.counting.how, each.title.zh, each.title.en]),
      ),
    };
  },
};

const configCheck: Command = {
  name: "config check",
  summary:
    "Says everything that is not right in the data folder, each with file, line and remedy: configuration, formats, tables, rules, calendars, templates, lists of parties, keys. If all is right, how old each look-up table is.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const {config, faults} = await checkSite(call.home, call.now);
    if (config === null || faults.length > 0) return faultyAnswer(faults);
    const house = await open();
    await house.placing();
    const baseline = await house.baseline();
    const tables = (await tableAges(config)).map((table) => ({...table, days: daysOld(call, table.asOf)}));
    const warnings = [...(await warningsOf(config)), ...(await keyNotes(config)), ...secretNotes(config)];
    const all = {
      ok: true,
      faults,
      warnings: warnings.map(({en}) => en),
      profile: config.profile.id,
      zone: config.profile.zone,
      feeds: Object.keys(config.feeds).length,
      baseline: baseline === null ? null : {signedBy: baseline.signedBy, isSynthetic: baseline.isSynthetic},
      tables,
    };
    const rows = tables.map((table) => [
      table.table,
      `${table.entries ?? 0} entries`,
      table.asOf === null ? "none" : `of ${table.asOf}, ${table.days} days old`,
      table.source,
    ]);
    return {
      json: all,
      text: `${warnings.map(({zh, en}) => `注意：${zh}\nNote: ${en}\n`).join("")}The configuration is right: profile ${all.profile}, ${all.zone}, ${all.feeds} feeds, ${baseline === null ? "no signed baseline" : `baseline signed by ${baseline.signedBy}`}.\n${tableText(rows)}`,
    };
  },
};

function faultyAnswer(faults: readonly SiteFault[]): Answer {
  const lines = faults.map(({where, remedy}) => `${visible(where)} — ${remedy}`);
  const count = `${faults.length} ${faults.length === 1 ? "fault" : "faults"} / 共 ${faults.length} 处错误`;
  return {json: {ok: false, faults}, text: [...lines, count].join("\n"), isFailed: true};
}

/** What is allowed and probably not meant. */
async function warningsOf(config: Config): Promise<Bilingual[]> {
  if (!(await hasShippedPublisher(config))) return [];
  const {zh, en} = config.profile.publisher.name;
  return [
    {
      zh: `周报将以配置方案自带的名称“${zh}”发布；如果不是贵单位，请在 watchfloor.yaml 的 overrides.publisher 中填写自己的名称。`,
      en: `editions are published as "${en}", the name that came with the profile; unless that is you, set overrides.publisher in watchfloor.yaml.`,
    },
  ];
}

function daysOld(call: Call, asOf: string | null): number | null {
  if (asOf === null) return null;
  const days = Math.floor((call.now.getTime() - Date.parse(asOf)) / 86_400_000);
  if (Number.isNaN(days)) throw new WatchfloorError("table_invalid", asOf);
  return Math.max(0, days);
}

/** Commands about the data folder itself. */
export const SITE_COMMANDS: readonly Command[] = [init, formats, indicators, configCheck];
