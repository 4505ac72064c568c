-- The closure table by $11 (of a campaign: $12), counted in SQL; rates are the caller's to divide.
WITH asked AS (SELECT $12::text AS campaign, ''::text AS field),
/*include parts/closure_cells.sql*/
SELECT
/*include parts/closure_key.sql*/
  AS key, count(*) FILTER (WHERE filed), count(*) FILTER (WHERE dispatched), count(*) FILTER (WHERE due),
  count(*) FILTER (WHERE carried_over), count(*) FILTER (WHERE closed), count(*) FILTER (WHERE closed_on_time),
  count(*) FILTER (WHERE reworked), count(*) FILTER (WHERE extended), count(*) FILTER (WHERE awaiting_check),
  count(*) FILTER (WHERE in_enforcement), count(*) FILTER (WHERE open_at_end)
FROM cell
GROUP BY 1
HAVING bool_or(filed OR dispatched OR due OR closed OR awaiting_check OR in_enforcement OR open_at_end)
ORDER BY 1
