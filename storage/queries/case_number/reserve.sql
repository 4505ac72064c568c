-- A block of numbers of one local day; answers its first.
INSERT INTO case_number AS n (district, day, next)
SELECT $1, $2, CASE WHEN $2 <= f.floor_day THEN f.number_floor ELSE 1 END + $3::bigint FROM fence f WHERE f.district = $1
ON CONFLICT (district, day) DO UPDATE SET next = n.next + $3::bigint
RETURNING next - $3::bigint
