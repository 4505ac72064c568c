-- What counting needs of a case, and one of its spans a line: the columns that read_figure_case reads.
  c.case_no, c.street, c.class_code, c.source, c.unit, c.squad, c.state, millis(c.last_at), millis(c.filed_at), millis(c.dispatched_at),
  millis(c.closed_at), c.exempt, c.enforcement_no, c.rework, c.extensions,
  array_to_string(c.flags, ','),
  s.version, s.kind, millis(s.from_at), millis(s.until_at), s.ended, s.unit, s.squad, millis(s.due_at), millis(s.effect_at), millis(s.effect_due_at),
  c.grid, c.community, c.code
