-- A key for one-time codes, shown and not confirmed yet.
UPDATE login SET totp_offered = decode($3, 'hex') WHERE district = $1 AND name = $2
