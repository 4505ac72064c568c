-- The roles of one name.
SELECT a.role, a.street, a.unit, a.squad, coalesce(l.password_hash, '') FROM account a LEFT JOIN login l USING (district, name)
WHERE a.district = $1 AND a.name = $2 ORDER BY a.role
