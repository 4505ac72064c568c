-- Cases of a period ($2-$3) that came to a squad: where, when and by whom they were reported. Uses cases_opened.
SELECT case_no, squad, grid, street, community, millis(opened_at), reporter, source = 'patrol'
FROM cases
WHERE district = $1 AND opened_at >= instant($2::bigint) AND opened_at < instant($3::bigint) AND squad <> '' AND grid <> '' AND NOT backdated
ORDER BY opened_at, case_no
