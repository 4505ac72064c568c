-- Who sees a case: core::in_scope in SQL. $1 district, $2 role, $3 name, $4 street, $5 unit, $6 squad.
  c.district = $1
  AND CASE
    WHEN $2 = 'reporter' THEN c.reporter = $3
    WHEN $2 IN ('patroller', 'patrol_lead') THEN $4 = '' OR c.street = $4
    ELSE ($4 = '' OR c.street = $4) AND ($5 = '' OR c.unit = $5) AND ($6 = '' OR c.squad = $6)
  END
