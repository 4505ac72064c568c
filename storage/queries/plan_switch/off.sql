-- A plan ends; nothing when it is off already.
UPDATE plan_switch SET off_at = clock_timestamp(), off_by = $3, off_reason = $4 WHERE district = $1 AND plan = $2 AND off_at IS NULL
