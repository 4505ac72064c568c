-- The marks of a period ($2-$3) of the cases from $4 to $5, each with its place, in the order of their cases. One scan of the period.
DECLARE mark_rows NO SCROLL CURSOR FOR
SELECT case_no, mark, person, post, unit, squad, version, millis(at), ctid::text
FROM case_mark
WHERE district = $1 AND at >= instant($2::bigint) AND at < instant($3::bigint) AND case_no >= $4 AND case_no <= $5
ORDER BY case_no
