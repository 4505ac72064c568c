-- One digest a case of its marks in [$2, $3) that history alone gives again: those of a task's own clock are left out.
SELECT case_no, encode(sha256(convert_to(string_agg(concat_ws(' ', version, mark, person, post, unit, squad), E'\n'
  ORDER BY version, mark COLLATE "C", person COLLATE "C"), 'UTF8')), 'hex')
FROM case_mark
WHERE district = $1 AND at >= instant($2::bigint) AND at < instant($3::bigint)
  AND mark NOT IN ('need_verify', 'need_check', 'intime_verify', 'intime_check')
GROUP BY case_no
