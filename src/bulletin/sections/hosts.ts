/** Section 2: infected hosts, where they are, new malware, and the sites that spread it. */
import {cellsBefore, cellsOf, shareOf, topProvinces} from "../derived.ts";
import type {Block, Figure, Paragraph, Section} from "../document.ts";
import {nameOf, PROVINCE_UNITS, provinceName} from "../names.ts";
import {changeOf, countText, isExactlySame, type Quantity, saidShare} from "../numbers.ts";
import {type Context, countOf, indicatorOf, paragraph, present, sampledOf} from "./context.ts";
import {barFigure, cellFigure, lineFigure, statedShareFigure, tileFigure} from "./plots.ts";

/** Composes the section; the short form has its pictures only. Null when nothing was measured. */
export function composeHosts(context: Context): Section | null {
  const {text, language, wording, variant} = context;
  const domestic = wording.domestic[language];
  const {captions} = text.figures;
  const bars = barFigure(context, {id: "infected", caption: captions.infected(domestic)}, [
    "host.trojan_bot",
    "host.conficker",
  ]);
  const map = provinceMap(context);
  const words: (Block | null)[] = [
    infected(context),
    bars,
    provinces(context, map !== null),
    map,
    controlServers(context),
    newMalware(context),
    barFigure(context, {id: "new-malware", caption: captions.newMalware}, [
      "malware.new_names",
      "malware.new_families",
    ]),
    malwareSites(context),
    scopeFigure(context),
    tldFigure(context),
    directIps(context),
    lineFigure(context, {id: "infected-trend", caption: captions.infectedTrend(domestic)}, ["host.infected"]),
  ];
  const blocks = present(variant === "short" ? [bars, map] : words);
  return blocks.length === 0 ? null : {id: "hosts", heading: text.headings.hosts, blocks};
}

function infected(context: Context): Paragraph | null {
  const {text, wording, language} = context;
  const total = sampledOf(context, "host.infected");
  const indicator = indicatorOf(context, "host.infected");
  const change = changeOf(indicator);
  const bots = sampledOf(context, "host.trojan_bot");
  const worms = sampledOf(context, "host.conficker");
  return paragraph(context, "hosts", [
    total && text.detail.infected(wording.domestic[language], {infected: total, bots, worms}),
    total && change && text.detail.infectedChange(change, isExactlySame(indicator)),
  ]);
}

/** The map is spoken of when it is there, or when an old edition stated the ranks that its map showed. */
function provinces(context: Context, hasMap: boolean): Paragraph | null {
  const {text, wording, language, profile, input} = context;
  const top = topProvinces(input, profile.mergeBelow);
  if (!top || !profile.territory.hasProvinces) return null;
  const map = hasMap || input.facts.topProvinces ? wording.provinceMap[language] : null;
  const names = top.map((key) => provinceName(key, language));
  return paragraph(context, "provinces", [text.detail.provinces(wording.mainland[language], map, names)]);
}

function provinceMap(context: Context): Figure | null {
  const {text, wording, language, profile, input} = context;
  if (!profile.territory.hasProvinces) return null;
  const cells = cellsOf(input, "host.trojan_bot", {dimension: "province", mergeBelow: profile.mergeBelow});
  const caption = text.figures.captions.provinces(wording.mainland[language]);
  return tileFigure(context, {id: "provinces", caption}, {cells, units: PROVINCE_UNITS});
}

/** Not in the published text, but an indicator of the week: a sentence of our own. */
function controlServers(context: Context): Paragraph | null {
  const {text, profile, language, input} = context;
  const ips = countOf(context, "c2.ips");
  if (ips === null) return null;
  const {cells} = cellsOf(input, "c2.ips", {dimension: "scope", mergeBelow: profile.mergeBelow});
  const overseas = cells.find(({key}) => key === "overseas")?.value ?? null;
  const us = profile.publisher.short[language];
  const sentence = text.detail.controlServers(us, ips, overseas === null ? null : countText(overseas, language));
  return paragraph(context, "control-servers", [sentence]);
}

/** Counts from which on 大量 is no empty word: published editions say it of 90 names. */
const MANY = 50;

/** The sentence speaks of new files: it is left out when none is new. */
function newMalware(context: Context): Paragraph | null {
  const some = (id: string): string | null => (indicatorOf(context, id).value === 0 ? null : countOf(context, id));
  const [names, families] = [some("malware.new_names"), some("malware.new_families")];
  if (names === null && families === null) return null;
  const us = context.profile.publisher.short[context.language];
  const areMany = (indicatorOf(context, "malware.new_names").value ?? 0) >= MANY;
  return paragraph(context, "new-malware", [context.text.detail.newMalware(us, {names, families, areMany})]);
}

/** Published editions say where domains were registered; what we count is where their sites are. */
function malwareSites(context: Context): Paragraph | null {
  const {input, profile, language} = context;
  const {detail} = context.text;
  const domains = countOf(context, "msite.domains");
  if (domains === null) return null;
  const ips = countOf(context, "msite.ips");
  const share = (id: string, key: Parameters<typeof shareOf>[1]): Quantity | null => {
    const found = (indicatorOf(context, id).value ?? 0) < 2 ? null : shareOf(input, key, profile.mergeBelow);
    return found && saidShare(found); // one alone has no shares to speak of
  };
  const [overseas, com, ipsOverseas] = [
    share("msite.domains", "msite.domains_overseas"),
    share("msite.domains", "msite.tld_com"),
    share("msite.ips", "msite.ips_overseas"),
  ];
  const place = "msite.domains_overseas" in input.facts.shares ? "registered" : "hosted";
  const clauses = present([
    overseas === null && com === null ? null : detail.malwareDomainShares(domains, {overseas, com}, place),
    ips === null || ipsOverseas === null ? null : detail.malwareIpShares(ips, ipsOverseas),
  ]);
  return paragraph(context, "malware-sites", [
    detail.malwareSites(profile.publisher.short[language], domains, ips),
    clauses.length === 0 ? null : detail.ended(clauses),
  ]);
}

/** "Most sites are reached by name" is said only where fewer than half of the addresses are used directly. */
function directIps(context: Context): Paragraph | null {
  const direct = indicatorOf(context, "msite.direct_ips").value;
  const count = countOf(context, "msite.direct_ips");
  const all = indicatorOf(context, "msite.ips").value;
  if (direct === null || count === null) return null;
  const areFew = all !== null && direct * 2 < all;
  return paragraph(context, "direct-ips", [context.text.detail.directIps(count, areFew)]);
}

function scopeFigure(context: Context): Figure | null {
  const {input, profile, language} = context;
  const {captions} = context.text.figures;
  const stated = (["domestic", "overseas", "unknown"] as const).flatMap((key) => {
    const share = input.facts.shares[`msite.domains_${key}`];
    return share ? [{name: nameOf("scope", key, language) ?? "", share}] : [];
  });
  const id = "malware-scope";
  if (stated.length > 0) return statedShareFigure(context, {id, caption: captions.malwareRegistration}, stated);
  const at = {dimension: "scope", mergeBelow: profile.mergeBelow} as const;
  const [cells, before] = [cellsOf(input, "msite.domains", at), cellsBefore(input, "msite.domains", at)];
  return cellFigure(
    context,
    {id, caption: captions.malwareScope},
    {dimension: "scope", cells, before, most: 3, look: "ring"},
  );
}

function tldFigure(context: Context): Figure | null {
  const {input, profile} = context;
  const cells = cellsOf(input, "msite.domains", {dimension: "tld", mergeBelow: profile.mergeBelow});
  const heading = {id: "malware-tld", caption: context.text.figures.captions.malwareTld};
  return cellFigure(context, heading, {dimension: "tld", cells, most: 5, look: "rank"});
}
