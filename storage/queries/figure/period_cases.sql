-- Cases that a period's tables may speak of: reported before T and not ended, or still moving, when the period began. Of those reported
-- since it began (the second column) none is left out.
SELECT c.case_no, c.opened_at >= instant($2::bigint) FROM cases c
WHERE c.district = $1 AND c.opened_at <= instant($3::bigint) AND (c.closed_at IS NULL OR c.last_at >= instant($2::bigint))
ORDER BY c.case_no
