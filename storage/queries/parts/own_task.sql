-- Whose task it is: named holder, the squad (a disposer sees what no other is named for), or the unit's desk.
  k.district = $1 AND k.open AND $4::text IS NOT NULL AND (  -- a street bounds no tasks
    (k.holder <> '' AND k.holder = $3)
    OR ($6 <> '' AND k.squad = $6 AND ($2 = 'squad_leader' OR ($2 = 'disposer' AND k.holder = '')))
    OR ($5 <> '' AND $6 = '' AND k.unit = $5 AND $2 IN ('unit_clerk', 'unit_head')))
