import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {caseOf, noticeOf} from "../../../test/notice-samples.ts";
import {CSV_COLUMNS, casesCsv} from "./csv.ts";

/** Reads RFC 4180 by a rule of its own. */
function rowsOf(text: string, separator = ","): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const body = text.replace(/^\ufeff/, "");
  for (let at = 0; at < body.length; at++) {
    const one = body[at] ?? "";
    if (isQuoted) {
      if (one !== '"') cell += one;
      else if (body[at + 1] === '"') cell += body[at++];
      else isQuoted = false;
    } else if (one === '"' && cell === "") isQuoted = true;
    else if (one === separator || one === "\n") {
      rows.at(-1)?.push(cell.replace(/\r$/, ""));
      cell = "";
      if (one === "\n") rows.push([]);
    } else cell += one;
  }
  return rows.slice(0, -1);
}

test("there is one row for each case, with the exact value in it", () => {
  const cases = [caseOf(1), caseOf(2, {asset: {...caseOf(2).asset, value: 'https://x.example/?q="a",b'}})];
  const rows = rowsOf(casesCsv(noticeOf({cases})));
  assert.equal(rows.length, 3);
  assert.deepEqual(rows[0], Object.keys(CSV_COLUMNS));
  const asset = Object.keys(CSV_COLUMNS).indexOf("asset");
  assert.deepEqual(
    rows.slice(1).map((row) => row[asset]),
    cases.map((each) => each.asset.value),
  );
  assert.ok(casesCsv(noticeOf()).startsWith("\ufeff"));
});

test("no cell is taken for a formula, whatever others wrote, also where a semicolon ends a cell", () => {
  const start = fc.constantFrom(
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "\u3000=",
    ";=",
    "a;+",
    '";=',
    "\u200b=",
  );
  const hostile = fc.tuple(start, fc.string()).map(([sign, rest]) => `${sign}cmd|' /C calc'!A0${rest}`);
  fc.assert(
    fc.property(hostile, (text) => {
      const each = caseOf(1, {class: text, evidence: text});
      const {asset} = each;
      const cases = [
        {
          ...each,
          asset: {
            ...asset,
            kind: text,
            value: text,
            brand: text,
            registrar: text,
            service: text,
            sector: text,
            country: text,
            ip: text,
          },
        },
      ];
      const csv = casesCsv(noticeOf({cases}));
      assert.equal(rowsOf(csv).length, 2);
      for (const separator of [",", ";"])
        for (const cell of rowsOf(csv, separator).flat())
          assert.doesNotMatch(cell, /^\s*[=+\-@\t\r＝＋－＠]/u, `${separator} ${cell}`);
    }),
    {numRuns: 1000},
  );
});
