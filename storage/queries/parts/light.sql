-- core::light in SQL, at the instant z.now.
CASE
  WHEN c.due_at IS NULL OR c.closed_at IS NOT NULL THEN NULL
  WHEN c.handed_over_at IS NOT NULL THEN CASE WHEN c.late THEN 'red' ELSE 'green' END
  WHEN c.left_ms < 0 THEN 'red'
  WHEN c.left_ms IS NOT NULL THEN CASE WHEN c.left_ms * 5 <= c.limit_minutes * 60000 THEN 'yellow' ELSE 'green' END
  WHEN z.now > c.due_at THEN 'red'
  WHEN z.now >= c.warn_at THEN 'yellow'
  ELSE 'green'
END
