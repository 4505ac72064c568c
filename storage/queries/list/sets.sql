-- Some sets of a month; one that is empty is not there.
SELECT s.by, s.key, encode(s.places, 'hex')
FROM unnest($3::text[], $4::text[]) AS t(by, key) JOIN list_set s ON s.district = $1 AND s.month = $2::int AND s.by = t.by AND s.key = t.key
