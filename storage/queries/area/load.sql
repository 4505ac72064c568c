-- Areas of further layers over the unit grids.
SELECT layer, code, parent, zh, en, array_to_string(grids, ' ') FROM area WHERE district = $1 ORDER BY layer, code
