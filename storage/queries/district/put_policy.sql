-- The city's switches as a part of their own.
UPDATE district SET policy = $2::jsonb WHERE code = $1
