-- Ids that had been retired for good and stand on a grid again.
SELECT c.grid, max(p.end_date)::text FROM cell c JOIN cell_past p ON p.district = c.district AND p.grid = c.grid
WHERE c.district = $1 AND p.why = 'gone' GROUP BY c.grid ORDER BY c.grid
