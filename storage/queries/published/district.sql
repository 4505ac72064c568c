-- A district's name. $1 its code.
SELECT zh, en FROM district WHERE code = $1
