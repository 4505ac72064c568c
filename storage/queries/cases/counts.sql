-- How many open cases of each state and light: one walk over the open ones.
WITH open AS (
  SELECT c.state,
/*include parts/light.sql*/
  AS light FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE c.closed_at IS NULL AND
/*include parts/scope.sql*/
)
SELECT json_build_object(
  'open', (SELECT count(*) FROM open),
  'state', (SELECT coalesce(json_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM open GROUP BY state ORDER BY state) s),
  'light', (SELECT json_build_object('green', count(*) FILTER (WHERE light = 'green'), 'yellow', count(*) FILTER (WHERE light = 'yellow'),
                                     'red', count(*) FILTER (WHERE light = 'red'), 'none', count(*) FILTER (WHERE light IS NULL)) FROM open))::text
