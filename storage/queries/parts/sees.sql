-- core::sees: in scope, or the holder of one of its open tasks, or of a unit that assists.
  c.district = $1
  AND (CASE
    WHEN $2 = 'reporter' THEN c.reporter = $3
    WHEN $2 IN ('patroller', 'patrol_lead') THEN $4 = '' OR c.street = $4
    ELSE ($4 = '' OR c.street = $4) AND ($5 = '' OR c.unit = $5) AND ($6 = '' OR c.squad = $6)
  END OR EXISTS (
    SELECT FROM task k WHERE k.district = $1 AND k.case_no = c.case_no AND k.open AND (
      (k.holder <> '' AND k.holder = $3)
      OR (k.kind = 'assist' AND $5 <> '' AND k.unit = $5 AND $2 IN ('unit_clerk', 'unit_head', 'squad_leader', 'disposer')))))
