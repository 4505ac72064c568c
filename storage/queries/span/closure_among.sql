-- As closure_cases.sql, among the cases $18 alone: the same rule reads these cases and their spans as if there were no others.
WITH asked AS (SELECT $17::text AS campaign, $12::text AS field),
cases AS MATERIALIZED (SELECT * FROM cases WHERE district = $1 AND case_no = ANY ($18::text[])),
span AS MATERIALIZED (SELECT * FROM span WHERE district = $1 AND case_no = ANY ($18::text[])),
/*include parts/closure_cells.sql*/
/*include parts/closure_behind.sql*/
