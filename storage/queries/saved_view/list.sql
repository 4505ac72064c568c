-- One's own views ($2) and those shared in the district, pinned ones first.
SELECT v.view_id, v.owner, v.name, v.query, v.shared, p.view_id IS NOT NULL
FROM saved_view v LEFT JOIN saved_view_pin p ON p.district = v.district AND p.view_id = v.view_id AND p.name = $2
WHERE v.district = $1 AND (v.owner = $2 OR v.shared)
ORDER BY p.view_id IS NULL, v.shared, v.made_at, v.view_id
LIMIT 200
