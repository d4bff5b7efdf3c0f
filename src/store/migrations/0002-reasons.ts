/** A reason that is printed is kept by language; those of before keep their words in the language that they are in. */
export const reasons = {
  id: "0002-reasons",
  up: `
ALTER TABLE rating_overrides
  ADD COLUMN reason_zh text CHECK (reason_zh <> ''),
  ADD COLUMN reason_en text CHECK (reason_en <> '');
ALTER TABLE rating_overrides DISABLE TRIGGER rating_overrides_grow;
UPDATE rating_overrides SET
  reason_zh = CASE WHEN reason ~ '[\u4e00-\u9fff]' THEN reason END,
  reason_en = CASE WHEN reason !~ '[\u4e00-\u9fff]' THEN reason END;
ALTER TABLE rating_overrides ENABLE TRIGGER rating_overrides_grow;
ALTER TABLE rating_overrides
  DROP COLUMN reason,
  ADD CONSTRAINT override_has_reason CHECK (num_nonnulls(reason_zh, reason_en) > 0);

ALTER TABLE drafts
  ADD COLUMN reason_zh text CHECK (reason_zh <> ''),
  ADD COLUMN reason_en text CHECK (reason_en <> '');
UPDATE drafts SET
  reason_zh = CASE WHEN reason ~ '[\u4e00-\u9fff]' THEN reason END,
  reason_en = CASE WHEN reason !~ '[\u4e00-\u9fff]' THEN reason END
WHERE reason IS NOT NULL;
ALTER TABLE drafts
  DROP CONSTRAINT correction_has_reason,
  DROP COLUMN reason,
  ADD CONSTRAINT correction_has_reason CHECK ((version = 1) = (num_nonnulls(reason_zh, reason_en) = 0));
`,
};
