-- One's own lease ends.
DELETE FROM case_lease WHERE district = $1 AND case_no = $2 AND name = $3
