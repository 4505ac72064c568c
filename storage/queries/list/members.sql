-- Cases that a month's table may speak of: filed in it, or before it and not ended when it began.
SELECT c.case_no FROM figure_month m JOIN cases c ON c.district = m.district AND c.filed_at >= m.from_at AND c.filed_at < m.to_at
WHERE m.district = $1 AND m.month = $2::int
UNION ALL
SELECT c.case_no FROM figure_month m JOIN cases c ON c.district = m.district AND c.filed_at < m.from_at AND c.closed_at >= m.from_at
WHERE m.district = $1 AND m.month = $2::int
UNION ALL
SELECT c.case_no FROM figure_month m JOIN cases c ON c.district = m.district AND c.filed_at < m.from_at AND c.closed_at IS NULL
WHERE m.district = $1 AND m.month = $2::int
ORDER BY 1
