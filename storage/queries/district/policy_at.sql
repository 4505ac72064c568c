-- The city's switches as they were in force at an instant: of the version kept then, else as they are now; lists joined by commas.
SELECT p.key, CASE jsonb_typeof(p.value)
    WHEN 'array' THEN (SELECT coalesce(string_agg(e, ',' ORDER BY e), '') FROM jsonb_array_elements_text(p.value) e)
    ELSE p.value #>> '{}' END
FROM jsonb_each(coalesce(
  (SELECT v.content FROM standing_version v WHERE v.district = $1 AND v.part = 'policy' AND v.at <= instant($2::bigint)
   ORDER BY v.version DESC LIMIT 1),
  (SELECT policy FROM district WHERE code = $1), '{}')) p
