-- How many open cases of each light a filter leaves.
SELECT json_build_object('all', count(*), 'green', count(*) FILTER (WHERE light = 'green'), 'yellow', count(*) FILTER (WHERE light = 'yellow'),
                         'red', count(*) FILTER (WHERE light = 'red'))::text
FROM (SELECT
/*include parts/light.sql*/
  AS light FROM cases c, (SELECT instant($7::bigint) AS now) z
  WHERE
/*include parts/scope.sql*/
/*include parts/case_filter.sql*/
) c
