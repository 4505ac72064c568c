-- Takes the code of a step, once.
UPDATE login SET totp_step = $3::bigint WHERE district = $1 AND name = $2 AND totp_step < $3::bigint
