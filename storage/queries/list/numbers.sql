-- The cases at some places of a month's list.
SELECT n.numbers[p.place % 1000 + 1]
FROM unnest($3::bigint[]) AS p(place) JOIN list_number n ON n.district = $1 AND n.month = $2::int AND n.part = p.place / 1000
