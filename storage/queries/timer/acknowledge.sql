-- Somebody has taken it up: what has told anybody tells nobody any more, until there is another deadline.
WITH word AS (
  SELECT case_no, by, instant(at) AS at FROM unnest($2::text[], $3::text[], $4::bigint[]) AS t(case_no, by, at)
), quiet AS (
  UPDATE timer k SET fire_at = NULL FROM word w WHERE k.district = $1 AND k.case_no = w.case_no AND k.step > 0
)
UPDATE escalation e SET acknowledged_at = w.at, acknowledged_by = w.by
FROM word w WHERE e.district = $1 AND e.case_no = w.case_no AND e.acknowledged_at IS NULL AND e.ended_at IS NULL
