-- Which schemes or tariffs of part $2 a load changes although they speak for a sealed month; inside the load's transaction. To
-- end one behind the newest sealed month changes nothing that was sealed.
WITH seal AS (
  SELECT s.month, (s.to_at AT TIME ZONE 'UTC' + make_interval(mins => d.utc_offset_minutes))::date AS behind
  FROM month_seal s JOIN district d ON d.code = s.district WHERE s.district = $1 ORDER BY s.to_at DESC LIMIT 1
), changed AS (
  SELECT d.key, d.was, d."is" AS now, least(CASE WHEN d.was IS NOT NULL THEN coalesce((d.was ->> 'from_day')::date, '-infinity') END,
      CASE WHEN d."is" IS NOT NULL THEN coalesce((d."is" ->> 'from_day')::date, '-infinity') END) AS begins
  FROM standing_diff(coalesce((SELECT content FROM standing_version WHERE district = $1 AND part = $2 ORDER BY version DESC LIMIT 1), '{}'),
                     published_content($1, $2)) d
)
SELECT c.key, s.month, s.behind::text FROM seal s, changed c
WHERE c.begins < s.behind
  AND NOT coalesce(c.was - 'to_day' = c.now - 'to_day' AND coalesce((c.was ->> 'to_day')::date, 'infinity') >= s.behind
    AND coalesce((c.now ->> 'to_day')::date, 'infinity') >= s.behind, false)
ORDER BY c.key
