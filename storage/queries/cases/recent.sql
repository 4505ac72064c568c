-- Open cases reported lately, to warm the search for twins after a start. Uses cases_opened.
SELECT case_no, standard, kind, code, component_id, lon, lat, millis(opened_at)
FROM cases
WHERE district = $1 AND opened_at >= instant($2::bigint) AND closed_at IS NULL AND lon IS NOT NULL AND NOT place_unusable
ORDER BY opened_at
