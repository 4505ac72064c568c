-- Who took steps as a $4 in [$2, $3), and on how many local days. A task that somebody was given is no step of his.
SELECT m.person, count(DISTINCT (m.at AT TIME ZONE 'UTC' + make_interval(mins => d.utc_offset_minutes))::date)
FROM case_mark m JOIN district d ON d.code = m.district
WHERE m.district = $1 AND m.at >= instant($2::bigint) AND m.at < instant($3::bigint) AND m.post = $4 AND m.person <> ''
  AND m.mark NOT IN ('need_verify', 'need_check')
GROUP BY m.person ORDER BY m.person
