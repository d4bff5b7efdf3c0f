import {AlignmentType, type IStylesOptions, LevelFormat, LineRuleType} from "docx";
import type {Language} from "../document.ts";

/** Colours of the printed bulletin, as Word writes them. */
export const COLOR = {
  navy: "17406F",
  accent: "B8442C",
  ink: "17212B",
  muted: "52606D",
  hairline: "C9D1D9",
  tint: "F3F6F9",
  white: "FFFFFF",
} as const;

/** Fills of the five grades from best to worst. */
export const GRADE_FILLS = ["197A48", "4A7A1C", "8A6200", "B24C17", "A61B29"] as const;
/** Colours of changes: more threats, fewer, as many. */
export const TREND_COLORS = {up: "A61B29", down: "197A48", same: COLOR.muted} as const;
/** Edge and ground of notes by tone. */
export const NOTE_COLORS = {
  info: {bar: "5B7791", ground: "F1F5F9"},
  gap: {bar: "A86A00", ground: "FBF5E9"},
  correction: {bar: "A61B29", ground: "FBEEEE"},
} as const;

/** Names of our own paragraph styles. */
export const STYLE = {
  text: "BulletinText",
  bare: "BulletinBare",
  cell: "BulletinCell",
  figure: "BulletinFigure",
  note: "BulletinNote",
  issue: "BulletinIssue",
} as const;

/** Reference of the bullet list. */
export const BULLETS = "bulletin-bullets";

/** Sizes are half points. Fonts that readers have: other systems replace both families by their own sans-serif. */
const FONT = {ascii: "Arial", hAnsi: "Arial", cs: "Arial", eastAsia: "Microsoft YaHei"} as const;
const BODY = 21;
const TWO_EMS = 420;

/** Returns the styles of the document. Lines have a fixed height, since fonts differ much in theirs. */
export function stylesFor(language: Language): IStylesOptions {
  const isChinese = language === "zh";
  const lines = (twips: number) => ({line: twips, lineRule: LineRuleType.EXACT});
  const hint = isChinese ? ("eastAsia" as const) : ("default" as const);
  const heading = {bold: true, color: COLOR.navy};
  const style = (id: string, rest: object) => ({id, name: id, basedOn: "Normal", quickFormat: true, ...rest});
  return {
    default: {
      document: {
        run: {font: {...FONT, hint}, size: BODY, color: COLOR.ink, language: {value: "en-US", eastAsia: "zh-CN"}},
        paragraph: {spacing: {after: 0, ...lines(340)}},
      },
      title: {run: {...heading, size: 50}, paragraph: {spacing: {before: 0, after: 60, ...lines(640)}, keepNext: true}},
      heading1: {
        run: {...heading, size: 27},
        paragraph: {
          spacing: {before: 360, after: 160, ...lines(360)},
          keepNext: true,
          keepLines: true,
          border: {left: {style: "single", size: 24, color: COLOR.accent, space: 7}},
          indent: {left: 140},
        },
      },
    },
    paragraphStyles: [
      style(STYLE.text, {
        paragraph: {
          alignment: isChinese ? AlignmentType.BOTH : AlignmentType.LEFT,
          spacing: {after: 120, ...lines(isChinese ? 360 : 310)},
          ...(isChinese ? {indent: {firstLine: TWO_EMS, firstLineChars: 200}} : {}),
        },
      }),
      style(STYLE.bare, {paragraph: {spacing: {after: 60, ...lines(isChinese ? 340 : 300)}}}),
      style(STYLE.cell, {run: {size: 19}, paragraph: {spacing: {before: 50, after: 50, ...lines(270)}}}),
      style(STYLE.figure, {
        paragraph: {
          alignment: AlignmentType.CENTER,
          spacing: {before: 160, line: 240, lineRule: LineRuleType.AUTO},
          keepNext: true,
        },
      }),
      style(STYLE.note, {run: {size: 18}, paragraph: {spacing: {before: 160, after: 160, ...lines(300)}}}),
      style(STYLE.issue, {
        paragraph: {
          spacing: {after: 120, ...lines(400)},
          border: {bottom: {style: "single", size: 16, color: COLOR.navy, space: 4}},
        },
      }),
      style("Caption", {
        name: "caption",
        run: {size: 18, color: COLOR.muted},
        paragraph: {alignment: AlignmentType.CENTER, spacing: {before: 80, after: 120, ...lines(280)}},
      }),
    ],
  };
}

/** Bullets of lists. */
export const BULLET_LIST = {
  reference: BULLETS,
  levels: [
    {
      level: 0,
      format: LevelFormat.BULLET,
      text: "•",
      alignment: AlignmentType.LEFT,
      style: {run: {color: COLOR.accent}, paragraph: {indent: {left: 420, hanging: 280}}},
    },
  ],
};
