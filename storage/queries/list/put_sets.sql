-- Sets of a month's list.
INSERT INTO list_set (district, month, by, key, places)
SELECT $1, $2::int, t.by, t.key, decode(t.places, 'hex') FROM unnest($3::text[], $4::text[], $5::text[]) AS t(by, key, places)
