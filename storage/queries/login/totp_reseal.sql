-- The same key for one-time codes, kept another way; not where it changed meanwhile.
UPDATE login SET totp_key = decode($4, 'hex') WHERE district = $1 AND name = $2 AND totp_key = decode($3, 'hex')
