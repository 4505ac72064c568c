-- The cases behind one number of the closure table: column $12 of row $13 ($13 NULL: the total). $14: the last case seen; $17: a campaign (parts/counted.sql).
WITH asked AS (SELECT $17::text AS campaign, $12::text AS field),
/*include parts/closure_cells.sql*/
/*include parts/closure_behind.sql*/
