-- A decision of the coordination desk becomes a rule, with the row of the case that it was made on.
INSERT INTO desk_rule (district, id, standard, kind, code, grid, street, from_day, to_day, unit, squad, document, case_no,
  decided_by, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, '')::date, nullif($9, '')::date, $10, $11, $12, $13, $14, instant($15::bigint))
ON CONFLICT (district, id) DO NOTHING
