-- What the rows of this batch count as.
INSERT INTO case_mark (district, at, mark, case_no, version, person, post, unit, squad)
SELECT $1, instant(t.at), t.mark, t.case_no, t.version, t.person, t.post, t.unit, t.squad
FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[])
  AS t(at, mark, case_no, version, person, post, unit, squad)
