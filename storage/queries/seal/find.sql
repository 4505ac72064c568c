-- One month's seal; by key.
SELECT content, digest, signature, sealed_by, millis(sealed_at), millis(as_of) FROM month_seal WHERE district = $1 AND month = $2
