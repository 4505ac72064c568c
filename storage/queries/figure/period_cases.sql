-- Cases that a period's tables may speak of, page by page: filed before T and not ended before the period began.
SELECT
/*include parts/case_columns.sql*/
FROM cases c
WHERE c.district = $1 AND c.case_no > $2 AND c.filed_at <= instant($4::bigint) AND (c.closed_at IS NULL OR c.closed_at >= instant($3::bigint))
ORDER BY c.case_no LIMIT 500
