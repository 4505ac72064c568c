-- Handovers, the newest shift first; $2: only those of shifts before this one began. By handover's unique key of shifts.
SELECT
/*include parts/handover_columns.sql*/
FROM handover h WHERE h.district = $1 AND ($2::bigint IS NULL OR h.shift_from < instant($2::bigint))
ORDER BY h.shift_from DESC LIMIT $3::int
