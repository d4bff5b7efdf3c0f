import {TAXONOMY} from "../../model/taxonomy.ts";
import type {TileChart} from "../chart.ts";
import type {Language} from "../document.ts";
import type {Look, Paint} from "./paint.ts";
import {PROVINCE_COLUMNS, PROVINCE_PLACES, PROVINCE_ROWS} from "./provinces.ts";
import {drawRows} from "./rows.ts";
import {type Drawing, type Pen, penFor} from "./svg.ts";
import {shorten, type Type, textWidth} from "./text.ts";
import {largest, measured, valueLabel} from "./values.ts";

const GAP = 3;
const KEY = 44;
const LEAST_SIZE = 7.5;
const LEAST_NAME = 9.5;
const STEPS: readonly {readonly fill: Paint; readonly text: Paint}[] = [
  {fill: "tile0", text: "on0"},
  {fill: "tile1", text: "on1"},
  {fill: "tile2", text: "on2"},
  {fill: "tile3", text: "on3"},
  {fill: "tile4", text: "on4"},
  {fill: "tile5", text: "on5"},
];

const NO_NUMBER = {zh: "— 无数据", en: "— no data"};

type Tile = TileChart["tiles"][number];

interface Placed extends Tile {
  readonly column: number;
  readonly row: number;
}

/**
 * Draws a tile for each unit, darker for more. Units of China stand in their places, the ones not given as not
 * measured; others follow row by row.
 */
export function drawTiles(chart: TileChart, look: Look): Drawing {
  if (chart.tiles.length === 0) return drawRows([], look);
  const pen = penFor(look);
  const tiles = place(chart.tiles, look.language);
  const isMap = tiles.some((tile) => tile.key in PROVINCE_PLACES);
  const size = {
    width: (look.width - GAP * (PROVINCE_COLUMNS - 1)) / PROVINCE_COLUMNS,
    height: look.width < 480 ? 32 : look.mode === "page" ? 38 : 34,
  };
  // the north-west of the grid is empty: the key stands there
  const top = isMap ? 2 : KEY;
  const most = largest(tiles.map((tile) => tile.value));
  const lettering = letteringFor(tiles, size.width - 4, look.language);
  const marks = tiles.flatMap((tile) => {
    const at = {x: tile.column * (size.width + GAP), y: top + tile.row * (size.height + GAP)};
    return drawTile(pen, tile, {...at, ...size, most, ...lettering, language: look.language});
  });
  const rows = Math.max(...tiles.map((tile) => tile.row)) + 1;
  return {height: top + rows * (size.height + GAP) - GAP + 1, marks: [...drawKey(pen, tiles, look), ...marks]};
}

function place(tiles: readonly Tile[], language: Language): Placed[] {
  const known = tiles.filter((tile) => tile.key in PROVINCE_PLACES);
  const others = tiles.filter((tile) => !(tile.key in PROVINCE_PLACES));
  const firstRow = known.length > 0 ? PROVINCE_ROWS : 0;
  const missing = known.length > 0 ? missingUnits(known, language) : [];
  return [
    ...[...known, ...missing].map((tile) => {
      const [column, row] = PROVINCE_PLACES[tile.key] ?? [0, 0];
      return {...tile, column, row};
    }),
    ...others.map((tile, index) => {
      return {...tile, column: index % PROVINCE_COLUMNS, row: firstRow + Math.floor(index / PROVINCE_COLUMNS)};
    }),
  ];
}

function missingUnits(known: readonly Tile[], language: Language): Tile[] {
  const given = new Set(known.map((tile) => tile.key));
  return UNITS.filter((unit) => unit.code in PROVINCE_PLACES && !given.has(unit.code)).map((unit) => {
    return {key: unit.code, name: language === "zh" ? unit.short : unit.en, value: null};
  });
}

const UNITS = [
  ...TAXONOMY.provinces,
  ...TAXONOMY.regions.map((region) => ({...region, short: region.zh.replace(/省$|特别行政区$/, "")})),
];
const SHORT_NAMES = new Map(UNITS.map(({code, short}) => [code, short]));
const ABBREVIATIONS = new Map(UNITS.map(({code, iso}) => [code, iso.replace("CN-", "")]));

/** How all tiles are written alike: the type sizes, and which form of the name. */
interface Lettering {
  readonly name: Type;
  readonly value: Type;
  readonly nameOf: (tile: Tile) => string;
}

/** Full names where there is room for all; else short ones; else the letters of ISO 3166-2, or the beginning. */
function letteringFor(tiles: readonly Placed[], width: number, language: Language): Lettering {
  const sizeFor = (texts: readonly string[], most: number) => {
    const widest = Math.max(...texts.map((text) => textWidth(text, {size: 1})), 1);
    return Math.min(most, Math.floor((width / widest) * 4) / 4);
  };
  const value = {
    size: Math.max(
      LEAST_SIZE,
      sizeFor(
        tiles.map((tile) => valueLabel(tile.value, language)),
        11.5,
      ),
    ),
  };
  const forms = [
    (tile: Tile) => tile.name,
    (tile: Tile) => (language === "zh" ? SHORT_NAMES.get(tile.key) : null) ?? tile.name.replace(/\s*[(（].*$/, ""),
  ];
  for (const nameOf of forms) {
    const size = sizeFor(tiles.map(nameOf), 12);
    if (size >= LEAST_NAME) return {name: {size}, value, nameOf};
  }
  const nameOf = (tile: Tile) => ABBREVIATIONS.get(tile.key) ?? shorten(tile.name, width, {size: LEAST_NAME});
  return {name: {size: Math.max(LEAST_SIZE, sizeFor(tiles.map(nameOf), 12))}, value, nameOf};
}

interface Spot extends Lettering {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly most: number;
  readonly language: Language;
}

function drawTile(pen: Pen, tile: Tile, spot: Spot): string[] {
  const value = measured(tile.value);
  const step = value === null ? null : STEPS[stepOf(value, spot.most)];
  const {x, y, width, height} = spot;
  const middle = x + width / 2;
  const text = step?.text ?? "muted";
  const number = valueLabel(value, spot.language);
  const base = y + height / 2;
  return [
    pen.box({x, y, width, height, paint: step?.fill ?? "track", radius: 3}),
    pen.label({
      x: middle,
      y: base - 3,
      text: spot.nameOf(tile),
      paint: text,
      anchor: "middle",
      ...spot.name,
    }),
    ...(textWidth(number, spot.value) <= width - 2 - 2
      ? [pen.label({x: middle, y: base + 11.5, text: number, paint: text, anchor: "middle", ...spot.value})]
      : []),
  ];
}

/** Steps are equal on the square root: most weeks have a few large provinces and many small ones. */
function stepOf(value: number, most: number): number {
  return most === 0 ? 0 : Math.min(STEPS.length - 1, Math.floor(Math.sqrt(value / most) * STEPS.length));
}

function drawKey(pen: Pen, tiles: readonly Tile[], look: Look): string[] {
  const known = tiles.map((tile) => measured(tile.value)).filter((value) => value !== null);
  const type = {size: 11, paint: "muted"} as const;
  if (known.length === 0) return [pen.label({x: 0, y: 15, text: NO_NUMBER[look.language], ...type})];
  const least = valueLabel(
    known.reduce((a, b) => Math.min(a, b)),
    look.language,
  );
  const most = valueLabel(largest(known), look.language);
  const swatch = look.width >= 480 ? 26 : 14;
  const from = textWidth(least, type) + 7;
  const after = from + STEPS.length * (swatch + 1) + 6;
  return [
    pen.label({x: 0, y: 15, text: least, ...type}),
    ...STEPS.map(({fill}, index) =>
      pen.box({x: from + index * (swatch + 1), y: 6, width: swatch, height: 11, paint: fill, radius: 1}),
    ),
    pen.label({x: after, y: 15, text: most, ...type}),
    ...(known.length < tiles.length ? [pen.label({x: 0, y: 33, text: NO_NUMBER[look.language], ...type})] : []),
  ];
}
