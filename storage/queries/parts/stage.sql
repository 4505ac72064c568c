-- The stage of a state (core::kStates).
CASE c.state
  WHEN 'reported' THEN 'collection' WHEN 'verifying' THEN 'collection'
  WHEN 'pending_accept' THEN 'filing' WHEN 'pending_file' THEN 'filing' WHEN 'returned_by_dispatch' THEN 'filing'
  WHEN 'self_disposed_review' THEN 'filing'
  WHEN 'pending_dispatch' THEN 'dispatch'
  WHEN 'pending_dispose' THEN 'disposal' WHEN 'returned_by_unit' THEN 'disposal' WHEN 'disposing' THEN 'disposal'
  WHEN 'disposed' THEN 'disposal' WHEN 'suspended' THEN 'disposal' WHEN 'in_enforcement' THEN 'disposal'
  WHEN 'pending_review' THEN 'feedback'
  WHEN 'checking' THEN 'check' WHEN 'pending_close' THEN 'check' WHEN 'awaiting_upstream' THEN 'check'
  ELSE 'evaluation'
END
