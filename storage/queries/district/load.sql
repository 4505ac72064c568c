-- One district's own facts; by key.
SELECT zh, en, exchange_code, version, utc_offset_minutes FROM district WHERE code = $1
