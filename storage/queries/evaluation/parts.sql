-- What the schemes weigh; grp '' is everybody's.
SELECT scheme, grp, indicator, weight, kind, bands FROM evaluation_part WHERE district = $1 ORDER BY scheme, seq
