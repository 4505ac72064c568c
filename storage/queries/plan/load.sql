-- Emergency plans.
SELECT key, zh, en, urgent, urgent_minutes, relaxed, clocks, percent FROM plan WHERE district = $1 ORDER BY key
