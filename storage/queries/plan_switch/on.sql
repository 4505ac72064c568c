-- A plan begins; nothing when it is on already, or is no plan of the district.
INSERT INTO plan_switch (district, plan, on_at, on_by, on_reason)
SELECT $1, key, clock_timestamp(), $3, $4 FROM plan WHERE district = $1 AND key = $2
ON CONFLICT (district, plan) WHERE off_at IS NULL DO NOTHING
