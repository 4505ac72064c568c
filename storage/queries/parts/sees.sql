-- core::sees: in scope, or the holder of one of its open tasks, or of a unit that assists. Who asks is w: district, role,
-- name, street, unit, squad.
  c.district = w.district
  AND (CASE
    WHEN w.role = 'reporter' THEN c.reporter = w.name
    WHEN w.role IN ('patroller', 'patrol_lead') THEN w.street = '' OR c.street = w.street
    ELSE (w.street = '' OR c.street = w.street) AND (w.unit = '' OR c.unit = w.unit) AND (w.squad = '' OR c.squad = w.squad)
  END OR EXISTS (
    SELECT FROM task k WHERE k.district = w.district AND k.case_no = c.case_no AND k.open AND (
      (k.holder <> '' AND k.holder = w.name)
      OR (k.kind = 'assist' AND w.unit <> '' AND k.unit = w.unit AND w.role IN ('unit_clerk', 'unit_head', 'squad_leader', 'disposer')))))
