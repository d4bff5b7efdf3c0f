import {GRADES} from "../../model/indicator.ts";
import type {RatingStrip, Table} from "../document.ts";
import {html, type Markup} from "../site/markup.ts";

const INK = "#17212b";
const SOFT = "#52606d";
const NAVY = "#17406f";
const HAIR = "#dde3e9";
const TEXT = `margin:0 0 14px;color:${INK};line-height:1.8`;
const NOTE = "margin:14px 0;padding:9px 12px";

/** Inline styles. Short, because each is written out at every use and the whole has a limit. */
export const CSS = {
  body: "font-size:15px;letter-spacing:.3px;padding:4px 2px",
  stamp: "margin:0 0 12px;color:#b8442c;border:1px solid #b8442c;text-align:center;font-size:13px;padding:3px",
  issue: `margin:0;color:${NAVY};font-size:18px;line-height:1.5`,
  publisher: `margin:0 0 6px;color:${SOFT};font-size:13px;padding-bottom:10px;border-bottom:2px solid ${NAVY}`,
  heading: `margin:30px 0 14px;padding-left:10px;border-left:4px solid #b8442c;color:${NAVY};font-size:17px;line-height:1.35`,
  text: TEXT,
  indented: `${TEXT};text-indent:2em`,
  item: `margin:0 0 8px;padding-left:16px;text-indent:-14px;color:${INK};line-height:1.7`,
  picture: `margin:18px 0 0;color:${INK};text-align:center`,
  caption: `margin:8px 0 20px;color:${SOFT};font-size:13px;text-align:center`,
  small: `margin:0 0 8px;color:${SOFT};font-size:13px`,
  address: `margin:0 0 6px;color:${SOFT};font-size:12px;word-break:break-all`,
  mark: `color:${SOFT};font-size:12px;vertical-align:top`,
  info: `${NOTE};background-color:#f1f5f9;border-left:3px solid #5b7791`,
  gap: `${NOTE};background-color:#fbf5e9;border-left:3px solid #a86a00`,
  correction: `${NOTE};background-color:#fbeeee;border-left:3px solid #a61b29`,
  noteText: `margin:0;color:${INK};font-size:13px;line-height:1.7`,
} as const;

const WHOLE = "width:100%;border-collapse:collapse";
const GRADE_FILLS = ["#197a48", "#4a7a1c", "#8a6200", "#b24c17", "#a61b29"];

/** Colours of changes: more threats, fewer, as many. */
const TREND_COLORS = {up: "#a61b29", down: "#197a48", same: SOFT} as const;

/** Returns the strip of the five grades as a row of cells; the marked one is filled and has a dot. */
export function strip({label, names, grade, description}: RatingStrip): Markup {
  const marked = grade === null ? -1 : GRADES.indexOf(grade);
  const cells = names.map((name, index) => {
    const fill = GRADE_FILLS[index] ?? SOFT;
    const look = index === marked ? `background-color:${fill};color:#ffffff` : `background-color:#f1f4f7;color:${SOFT}`;
    const style = `padding:7px 0;font-size:14px;text-align:center;border:2px solid #ffffff;border-bottom:4px solid ${fill};${look}`;
    return html`<td style="${style}">${index === marked ? html`<strong>● ${name}</strong>` : name}</td>`;
  });
  return html`<p style="margin:0 0 4px;color:${SOFT};font-size:13px">${label}</p><table style="${WHOLE};table-layout:fixed"><tbody><tr>${cells}</tr></tbody></table><p style="margin:4px 0 16px;color:${SOFT};font-size:12px">${description}</p>`;
}

/** Returns a table with its caption above; numbers to the right. What cells inherit stands at the row, to be short. */
export function listing({caption, columns, rows}: Table): Markup {
  const cellStyle = (index: number, isIndented: boolean): string => {
    if (columns[index]?.align === "end") return "padding:6px 3px";
    return `padding:6px 3px${isIndented ? ` 6px 16px;color:${SOFT}` : ""};text-align:left;white-space:normal`;
  };
  const head = columns.map(({heading}, index) => html`<th style="${cellStyle(index, false)}">${heading}</th>`);
  const body = rows.map(({cells, isIndented, trend}) => {
    const shown = columns.map((_, index) => {
      const color = trend && index === columns.length - 1 ? `;color:${TREND_COLORS[trend]}` : "";
      return html`<td style="${cellStyle(index, index === 0 && isIndented === true)}${color}">${cells[index] ?? ""}</td>`;
    });
    return html`<tr style="border-top:1px solid ${HAIR}">${shown}</tr>`;
  });
  const table = `${WHOLE};margin-bottom:20px;color:${INK};font-size:13px;text-align:right;white-space:nowrap;border-top:2px solid ${NAVY};border-bottom:2px solid ${NAVY}`;
  return html`<p style="${CSS.caption};margin:18px 0 6px">${caption}</p><table style="${table}"><tbody><tr style="color:${NAVY}">${head}</tr>${body}</tbody></table>`;
}

/** Returns a few large numbers above their names. */
export function keyFigures({caption, rows}: Table): Markup {
  const cells = rows.map(({cells: [name = "", value = ""]}) => {
    return html`<td style="padding:10px 3px;text-align:center;vertical-align:top;background-color:#f3f6f9;border:2px solid #ffffff;border-top:2px solid ${NAVY}"><p style="margin:0 0 3px;color:${NAVY};font-size:19px"><strong>${value}</strong></p><p style="margin:0;color:${SOFT};font-size:12px;line-height:1.4">${name}</p></td>`;
  });
  return html`<p style="${CSS.caption};margin:18px 0 6px">${caption}</p><table style="${WHOLE};table-layout:fixed;margin-bottom:20px"><tbody><tr>${cells}</tr></tbody></table>`;
}
