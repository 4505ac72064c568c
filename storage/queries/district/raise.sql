-- The standing data changed beside a load: whoever polls the version reads them again.
UPDATE district SET version = version + 1 WHERE code = $1 RETURNING version
