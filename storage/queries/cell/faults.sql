-- What is wrong with the district's grids, after a load and before its commit.
SELECT fault, grid, other, detail FROM grid_faults($1)
