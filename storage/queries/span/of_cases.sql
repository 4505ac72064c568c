-- The spans of some cases, oldest first; by keys.
SELECT case_no, version, kind, millis(from_at), millis(until_at), ended, unit, squad, millis(due_at), millis(effect_at), millis(effect_due_at)
FROM span WHERE district = $1 AND case_no = ANY ($2::text[]) ORDER BY case_no, version
