-- Who sealed a month, when, to which digest; by key.
SELECT digest, signature, sealed_by, millis(sealed_at) FROM month_seal WHERE district = $1 AND month = $2
