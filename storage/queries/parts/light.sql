-- core::light in SQL, at the instant z.now: the earlier of two clocks lights, the case's own and an upper platform's.
CASE WHEN c.closed_at IS NULL THEN (ARRAY['green', 'yellow', 'red'])[greatest(
  CASE
    WHEN c.due_at IS NULL THEN NULL
    WHEN c.handed_over_at IS NOT NULL THEN CASE WHEN c.late THEN 3 ELSE 1 END
    WHEN c.left_ms < 0 THEN 3
    WHEN c.left_ms IS NOT NULL THEN CASE WHEN c.left_ms * 5 <= c.limit_minutes * 60000 THEN 2 ELSE 1 END
    WHEN z.now > c.due_at THEN 3
    WHEN z.now >= c.warn_at THEN 2
    ELSE 1
  END,
  CASE
    WHEN c.upstream_due_at IS NULL OR c.upstream_done_at IS NOT NULL THEN NULL
    WHEN z.now > c.upstream_due_at THEN 3
    WHEN millis(z.now) >= millis(c.opened_at) + (millis(c.upstream_due_at) - millis(c.opened_at)) * 4 / 5 THEN 2
    ELSE 1
  END)] END
