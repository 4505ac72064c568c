-- The cases behind one number, behind closure_cells.sql: column $12 of row $13 ($13 NULL: the total) of a table by $11, as lines of a list. $14: the last
-- case seen; $15 how many; $16 now.
, z AS (
  SELECT coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480) AS minutes, instant($16::bigint) AS now
)
SELECT
/*include parts/case_item.sql*/
  , c.case_no, c.case_no
FROM z, cell JOIN cases c ON c.district = cell.district AND c.case_no = cell.case_no
WHERE CASE $12
    WHEN 'filed' THEN filed WHEN 'dispatched' THEN dispatched WHEN 'due' THEN due WHEN 'carried_over' THEN cell.carried_over
    WHEN 'closed' THEN cell.closed WHEN 'closed_on_time' THEN closed_on_time WHEN 'reworked' THEN reworked
    WHEN 'extended' THEN extended WHEN 'awaiting_check' THEN awaiting_check WHEN 'in_enforcement' THEN in_enforcement
    WHEN 'closed_late' THEN cell.closed AND NOT closed_on_time WHEN 'not_closed' THEN due AND NOT cell.closed
    WHEN 'open_at_end' THEN open_at_end END
  AND ($13::text IS NULL OR $13 =
/*include parts/closure_key.sql*/
    -- A row of a tree holds what lies below it.
    OR ($11 = 'unit_tree' AND $13 <> '' AND $13 = ANY (unit_above($1, cell.unit)))
    OR ($11 = 'region_tree' AND $13 IN (cell.street, cell.district) AND $13 <> ''))
  AND c.case_no > $14
ORDER BY c.case_no
LIMIT $15::int
