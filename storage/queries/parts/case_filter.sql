-- The filters of a list; an empty one folds away in the plan. $8 states, $9 street, $10 grid, $11 class or code, $12 unit,
-- $13 squad, $14 light, $15 source, $16 text pattern, $17-$18 opened from and to, $19 due before, $20-$23 west, south, east,
-- north, $24 open cases only, $25 campaign, $26 of its cases those that one of its numbers counts (as campaign/report.sql does).
  AND ($8::text[] IS NULL OR c.state = ANY ($8::text[]))
  AND ($9 = '' OR c.street = $9)
  AND ($10 = '' OR c.grid = $10)
  AND ($11 = '' OR c.code = $11 OR c.class_code = $11)
  AND ($12 = '' OR c.unit = $12)
  AND ($13 = '' OR c.squad = $13)
  AND ($14 = '' OR $14 =
/*include parts/light.sql*/
  )
  AND ($15 = '' OR c.source = $15)
  AND ($16 = '' OR c.description ILIKE $16 OR c.address ILIKE $16 OR c.case_no LIKE $16)
  AND ($17::bigint IS NULL OR c.opened_at >= instant($17::bigint))
  AND ($18::bigint IS NULL OR c.opened_at < instant($18::bigint))
  AND ($19::bigint IS NULL OR c.due_at < instant($19::bigint))
  AND ($20::float8 IS NULL OR (c.lon BETWEEN $20::float8 AND $22::float8 AND c.lat BETWEEN $21::float8 AND $23::float8))
  AND (NOT $24::boolean OR c.closed_at IS NULL)
  AND ($25 = '' OR c.campaign = $25)
  AND ($26 = '' OR CASE $26
    WHEN 'filed' THEN c.filed_at IS NOT NULL
    WHEN 'dispatched' THEN c.dispatched_at IS NOT NULL
    WHEN 'handed_over' THEN c.handed_over_at IS NOT NULL
    WHEN 'handed_over_on_time' THEN c.handed_over_at IS NOT NULL AND NOT c.late
    WHEN 'closed' THEN c.state = 'closed'
    ELSE true END)
