import {protectionOf} from "../../cases/parties/protected-list.ts";
import {nobodyText, type ResponsibilityDecision} from "../../cases/parties/responsibility.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {CONTACT_LANGUAGES, CONTACT_PURPOSES, isPartyKind, partyId} from "../../model/party.ts";
import {
  BY,
  type Call,
  type Command,
  choices,
  needed,
  optional,
  person,
  several,
  tableText,
  wholeNumber,
} from "../command.ts";
import {factsOf, type StatedFacts} from "../parties/facts.ts";
import {contactFor, protectedNames, whoIsResponsible} from "../parties.ts";
import {knowFromRdap} from "../rdap.ts";

/** Who can act soonest, where no class says otherwise. */
const ORDER =
  "cloud-provider,hosting-provider,network-operator,app-store,registrar,registry,provincial-branch,sector-csirt,foreign-cert";

const who: Command = {
  name: "party who",
  summary:
    "Says who is responsible for a URL, host name, address or AS number, by which rule, what else was possible, and whom to write to.",
  usage:
    "--asset X [--ip A]... [--asn N] [--registrar ID] [--store HOST] [--country CC] [--province NN] [--sector S] [--brand B] [--order KIND,...] [--purpose P] [--language zh|en]",
  options: {
    ...{
      asset: {type: "string"},
      ip: {type: "string", multiple: true},
      asn: {type: "string"},
      registrar: {type: "string"},
    },
    ...{store: {type: "string"}, country: {type: "string"}, province: {type: "string"}, sector: {type: "string"}},
    ...{brand: {type: "string"}, order: {type: "string"}, purpose: {type: "string"}, language: {type: "string"}},
  },
  run: async (call, open) => {
    const house = await open();
    const facts = await factsOf(house, needed(call, "asset"), statedIn(call));
    const [decision] = await whoIsResponsible(house, [{facts, order: orderOf(call)}], call.now);
    if (decision === undefined) throw new Error("no decision was made");
    const [purpose = "abuse"] =
      optional(call, "purpose") === undefined ? [] : choices(call, "purpose", CONTACT_PURPOSES);
    const [language = "zh"] =
      optional(call, "language") === undefined ? [] : choices(call, "language", CONTACT_LANGUAGES);
    const question = {
      purpose,
      language,
      channels: ["mail", "api", "portal"],
      now: call.now,
      isOpen: () => true,
    } as const;
    const contact = decision.party === null ? null : await contactFor(house, decision.party, question);
    const protection = protectionOf(await protectedNames(house), facts);
    return {
      json: {facts, decision, contact, protection},
      text: decisionText(decision, contact?.contact?.address ?? null, protection?.entry ?? null),
    };
  },
};

function statedIn(call: Call): StatedFacts {
  const ips = several(call, "ip");
  const [asn, registrar] = [wholeNumber(call, "asn"), wholeNumber(call, "registrar")];
  const words = (["store", "country", "province", "sector", "brand"] as const).flatMap((name) => {
    const value = optional(call, name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(words),
    ...(ips.length > 0 ? {ips} : {}),
    ...(asn === undefined ? {} : {asn}),
    ...(registrar === undefined ? {} : {registrar}),
  };
}

function orderOf(call: Call): string[] {
  const kinds = (optional(call, "order") ?? ORDER).split(",").map((kind) => kind.trim());
  const wrong = kinds.find((kind) => !isPartyKind(kind));
  if (wrong !== undefined) throw new WatchfloorError("usage", `--order: ${wrong} is no kind of party`);
  return kinds;
}

function decisionText(decision: ResponsibilityDecision, address: string | null, isProtectedBy: string | null): string {
  const row = ({claim, match, place}: ResponsibilityDecision["others"][number], what: string): string[] => [
    ...[what, partyId(claim.party), claim.partyKind, claim.names.zh ?? claim.names.en ?? "", `by ${match.rule}`],
    `${claim.responsibility.value} (${claim.responsibility.source ?? claim.responsibility.layer})${place === null ? ", not in the order" : ""}`,
  ];
  const rows = [
    ...(decision.by === null ? [] : [row(decision.by, "responsible")]),
    ...decision.others.map((each) => row(each, "possible")),
  ];
  return [
    ...(decision.why === null ? [] : [`nobody: ${nobodyText(decision.why).en}`]),
    ...(rows.length === 0 ? [] : [tableText(rows)]),
    ...(decision.party === null ? [] : [`write to ${address ?? "nobody: no contact can be used"}`]),
    ...(isProtectedBy === null ? [] : [`protected: ${isProtectedBy}; a notification needs a second person`]),
  ].join("\n");
}

const rdap: Command = {
  name: "party rdap",
  summary:
    "Says what the registry says of a domain, an address or an AS number, and takes its party in. Kept answers tell their age.",
  usage: "--asset X [--offline] [--by NAME]",
  options: {...BY, asset: {type: "string"}, offline: {type: "boolean"}},
  run: async (call, open) => {
    const isOffline = call.options["offline"] === true;
    const known = await knowFromRdap(
      await open(),
      {asset: needed(call, "asset"), by: person(call), isOffline},
      call.now,
    );
    if (known === null) return {json: null, text: "nothing is kept of it"};
    const {facts, imported} = known;
    const rows = [
      ["asked", `${known.key} at ${known.url}, ${known.ageDays} days ago`],
      ["answer", known.isThere ? "there" : "there is nothing"],
      ["registrar", facts.registrar === null ? "-" : String(facts.registrar)],
      ["country", facts.country ?? "-"],
      ["status", facts.status.join(", ") || "-"],
      [
        "taken in",
        imported === null ? "-" : `${imported.added} new, ${imported.changed} changed, ${imported.unchanged} as before`,
      ],
    ];
    return {json: known, text: tableText(rows)};
  },
};

/** Commands that say who is responsible. */
export const RESPONSIBLE_COMMANDS: readonly Command[] = [who, rdap];
