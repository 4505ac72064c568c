-- A supervisor's word on a pattern.
INSERT INTO suspicion_look (district, pattern, checker, squad, from_at, to_at, by_whom, verdict, note)
VALUES ($1, $2, $3, $4, instant($5::bigint), instant($6::bigint), $7, $8, $9)
