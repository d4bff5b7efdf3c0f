import type {Language} from "../document.ts";

/**
 * How a chart is drawn. `page`: inline in HTML, colours by CSS custom properties so that light and dark both work.
 * `print`: fixed colours for PDF and PNG. `width` is in pixels; the height follows from the chart.
 */
export interface Look {
  readonly language: Language;
  readonly mode: "page" | "print";
  readonly width: number;
}

/**
 * Every colour of a chart, for light and for dark paper. charts.test.ts holds the contrasts: text 4.5, marks 3, and
 * neighbours among s1 to s6 stay apart for the three kinds of colour blindness.
 */
export const PAINTS = {
  ink: {light: "#17212b", dark: "#e8edf2"},
  muted: {light: "#52606d", dark: "#a9b4bf"},
  axis: {light: "#808c98", dark: "#73818f"},
  grid: {light: "#e3e8ed", dark: "#2a343e"},
  track: {light: "#eef2f6", dark: "#1f2932"},
  before: {light: "#8093a7", dark: "#75899e"},
  s1: {light: "#1d5a9e", dark: "#6aa9ec"},
  s2: {light: "#c9662a", dark: "#f0a063"},
  s3: {light: "#1f9184", dark: "#35a394"},
  s4: {light: "#7d1f55", dark: "#f0a6cf"},
  s5: {light: "#8f7d1a", dark: "#d3c05c"},
  s6: {light: "#5f55b8", dark: "#b9b0ff"},
  rest: {light: "#7c8894", dark: "#76828f"},
  tile0: {light: "#e9f1f8", dark: "#1d2b3a"},
  tile1: {light: "#c6daed", dark: "#234363"},
  tile2: {light: "#97bbdf", dark: "#2d608f"},
  tile3: {light: "#6399cd", dark: "#4f90cb"},
  tile4: {light: "#2a67a6", dark: "#86b9e9"},
  tile5: {light: "#123f73", dark: "#c6e0f8"},
  on0: {light: "#17212b", dark: "#e8edf2"},
  on1: {light: "#17212b", dark: "#e8edf2"},
  on2: {light: "#17212b", dark: "#f4f8fb"},
  on3: {light: "#101820", dark: "#0c1218"},
  on4: {light: "#ffffff", dark: "#0c1218"},
  on5: {light: "#ffffff", dark: "#0c1218"},
  g1: {light: "#197a48", dark: "#46c285"},
  g2: {light: "#4a7a1c", dark: "#9ccb45"},
  g3: {light: "#8a6200", dark: "#e0b440"},
  g4: {light: "#b24c17", dark: "#f2925a"},
  g5: {light: "#a61b29", dark: "#f47d86"},
  onGrade: {light: "#ffffff", dark: "#10161c"},
} as const;

export type Paint = keyof typeof PAINTS;

/** The paper that the colours are made for. */
export const PAPER = {light: "#ffffff", dark: "#12181f"} as const;

/** Colours of series and parts in their order; more than these are drawn as `rest`. */
export const SERIES_PAINTS: readonly Paint[] = ["s1", "s2", "s3", "s4", "s5", "s6"];

/** Returns the colour for an attribute: fixed for print, a custom property with its light colour as fallback for pages. */
export function colour(paint: Paint, look: Look): string {
  const {light} = PAINTS[paint];
  return look.mode === "print" ? light : `var(--wf-${paint.toLowerCase()},${light})`;
}

/** Returns the colour of the series at `index`; of two series the first is the week before and steps back. */
export function seriesPaint(index: number, count: number): Paint {
  if (count === 2) return index === 0 ? "before" : "s1";
  return SERIES_PAINTS[index] ?? "rest";
}

function properties(shade: "light" | "dark"): string {
  return Object.entries(PAINTS)
    .map(([name, shades]) => `--wf-${name.toLowerCase()}:${shades[shade]}`)
    .join(";");
}

/**
 * The style of charts drawn for pages, put once into a page's style sheet. Without it they are drawn in light colours.
 * On paper they are always light. Browsers' own spacing between Chinese and digits would widen measured labels; a font that
 * is wider still than those measured goes over the edge and is not cut.
 */
export const CHART_CSS = [
  `.wf-chart{display:block;width:100%;height:auto;overflow:visible;text-autospace:no-autospace;${properties("light")}}`,
  `@media screen and (prefers-color-scheme:dark){.wf-chart{${properties("dark")}}}`,
].join("\n");
