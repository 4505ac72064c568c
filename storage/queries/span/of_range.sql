-- The spans of the cases from number $2 to $3, each oldest first; $4: only these (NULL: all).
SELECT case_no, version, kind, millis(from_at), millis(until_at), ended, unit, squad, millis(due_at), millis(effect_at), millis(effect_due_at)
FROM span WHERE district = $1 AND case_no >= $2 AND case_no <= $3 AND ($4::text[] IS NULL OR case_no = ANY ($4::text[])) ORDER BY case_no, version
