-- When plans were on.
SELECT plan, millis(on_at), millis(off_at) FROM plan_switch WHERE district = $1 ORDER BY plan, on_at
