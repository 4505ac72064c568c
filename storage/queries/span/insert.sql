-- Spans that begin in this batch (some also end in it).
INSERT INTO span (district, case_no, version, kind, from_at, until_at, ended, unit, squad, due_at, effect_at, effect_due_at)
SELECT $1, t.case_no, t.version, t.kind, instant(t.from_at), instant(t.until_at), t.ended, t.unit, t.squad, instant(t.due_at),
  instant(t.effect_at), instant(t.effect_due_at)
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::bigint[],
  $11::bigint[], $12::bigint[])
  AS t(case_no, version, kind, from_at, until_at, ended, unit, squad, due_at, effect_at, effect_due_at)
