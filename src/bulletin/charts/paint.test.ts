import assert from "node:assert/strict";
import test from "node:test";
import {CHART_CSS, colour, PAINTS, PAPER, type Paint, SERIES_PAINTS} from "./paint.ts";

type Rgb = readonly [number, number, number];
const SHADES = ["light", "dark"] as const;

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as never;
const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const luminance = (color: Rgb): number => {
  const [r, g, b] = color.map(linear) as never as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: string, other: string): number => {
  const [a, b] = [luminance(rgb(one)), luminance(rgb(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

/** Source: Machado, Oliveira, Fernandes 2009, severity 1.0. */
const BLINDNESS: Readonly<Record<string, readonly Rgb[]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const seen = (color: Rgb, matrix: readonly Rgb[]): Rgb => {
  const from = color.map(linear) as never as Rgb;
  return matrix.map((row) => Math.min(1, Math.max(0, row[0] * from[0] + row[1] * from[1] + row[2] * from[2]))) as never;
};

/** CIE 1976 colour difference of two linear colours; about 2.3 is just noticeable. */
const difference = (one: Rgb, other: Rgb): number => {
  const lab = ([r, g, b]: Rgb): Rgb => {
    const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
};

test("text in charts has a contrast of 4.5 on its ground, light and dark", () => {
  for (const shade of SHADES) {
    const pairs: [Paint, string][] = [
      ["ink", PAPER[shade]],
      ["muted", PAPER[shade]],
      ["muted", PAINTS.track[shade]],
      ...[0, 1, 2, 3, 4, 5].map((step): [Paint, string] => [
        `on${step}` as Paint,
        PAINTS[`tile${step}` as Paint][shade],
      ]),
      ...[1, 2, 3, 4, 5].map((grade): [Paint, string] => ["onGrade", PAINTS[`g${grade}` as Paint][shade]]),
    ];
    for (const [paint, ground] of pairs) {
      const ratio = contrast(PAINTS[paint][shade], ground);
      assert.ok(ratio >= 4.5, `${shade} ${paint} on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
});

test("marks in charts have a contrast of 3 on the paper, light and dark", () => {
  for (const shade of SHADES) {
    for (const paint of [...SERIES_PAINTS, "before", "rest", "axis", "g1", "g2", "g3", "g4", "g5"] as Paint[]) {
      const ratio = contrast(PAINTS[paint][shade], PAPER[shade]);
      assert.ok(ratio >= 3, `${shade} ${paint}: ${ratio.toFixed(2)}`);
    }
  }
});

test("neighbouring colours stay apart for the colour-blind", () => {
  const neighbours: [Paint, Paint][] = [["before", "s1"]];
  for (const [index, paint] of SERIES_PAINTS.entries()) {
    neighbours.push([paint, SERIES_PAINTS[index + 1] ?? "rest"]);
  }
  for (const shade of SHADES) {
    for (const [kind, matrix] of Object.entries(BLINDNESS)) {
      for (const [one, other] of neighbours) {
        const apart = difference(seen(rgb(PAINTS[one][shade]), matrix), seen(rgb(PAINTS[other][shade]), matrix));
        assert.ok(apart >= 15, `${kind}, ${shade}: ${one} and ${other} differ by ${apart.toFixed(1)}`);
      }
    }
  }
});

test("each step of the tiles is darker than the one before on light paper, lighter on dark", () => {
  for (const shade of SHADES) {
    const steps = [0, 1, 2, 3, 4, 5].map((step) => luminance(rgb(PAINTS[`tile${step}` as Paint][shade])));
    const ordered = [...steps].sort((a, b) => (shade === "light" ? b - a : a - b));
    assert.deepEqual(steps, ordered);
  }
});

test("a page names every colour by a property that the style sheet sets, with the light colour to fall back to", () => {
  for (const paint of Object.keys(PAINTS) as Paint[]) {
    const inPage = colour(paint, {language: "zh", mode: "page", width: 1});
    assert.match(inPage, /^var\(--wf-[a-z0-9]+,#[0-9a-f]{6}\)$/);
    assert.ok(CHART_CSS.includes(`${inPage.slice(4, inPage.indexOf(","))}:${PAINTS[paint].dark}`));
    assert.equal(colour(paint, {language: "zh", mode: "print", width: 1}), PAINTS[paint].light);
  }
});
