-- What the cases with numbers in [$2, $3) add to the closure tables: a rebuild, step by step.
WITH chosen AS (
  SELECT case_no FROM cases WHERE district = $1 AND case_no >= $2 AND case_no < $3
),
/*include parts/figure_parts.sql*/
INSERT INTO figure_delta SELECT $1, part.* FROM part
