-- What takes points off.
SELECT scheme, grp, indicator, hundredths, free, most FROM evaluation_deduction WHERE district = $1 ORDER BY scheme, seq
