-- The closure tables by all the groupings that the rollup keeps, counted in one pass: what the rollup is compared with. $11: a campaign.
WITH asked AS (SELECT $11::text AS campaign, ''::text AS field),
/*include parts/closure_cells.sql*/
SELECT
  CASE WHEN GROUPING(district) = 0 THEN 'district' WHEN GROUPING(street) = 0 THEN 'street' WHEN GROUPING(unit) = 0 THEN 'unit'
    WHEN GROUPING(squad) = 0 THEN 'squad' WHEN GROUPING(class) = 0 THEN 'class' ELSE 'source' END AS by,
  coalesce(district, street, unit, squad, class, source) AS key,
  count(*) FILTER (WHERE filed), count(*) FILTER (WHERE dispatched), count(*) FILTER (WHERE due),
  count(*) FILTER (WHERE carried_over), count(*) FILTER (WHERE closed), count(*) FILTER (WHERE closed_on_time),
  count(*) FILTER (WHERE reworked), count(*) FILTER (WHERE extended), count(*) FILTER (WHERE awaiting_check),
  count(*) FILTER (WHERE in_enforcement), count(*) FILTER (WHERE open_at_end)
FROM cell
GROUP BY GROUPING SETS ((district), (street), (unit), (squad), (class), (source))
HAVING bool_or(filed OR dispatched OR due OR closed OR awaiting_check OR in_enforcement OR open_at_end)
