-- That a lease was taken over, for good.
INSERT INTO lease_takeover (district, case_no, at, name, taken_from, reason) VALUES ($1, $2, clock_timestamp(), $3, $4, $5)
