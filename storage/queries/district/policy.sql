-- The city's switches, one row each; lists come as JSON text.
SELECT key, value FROM district, jsonb_each_text(policy) WHERE code = $1
