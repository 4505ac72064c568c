-- The newest month of two years that is over, counted by the rollup, has cases, and has no lists, lists for another T, or lists into whose
-- months more than $3 cases were written since. $2: now.
SELECT m.month
FROM figure_state s JOIN figure_month m ON m.district = s.district LEFT JOIN list_month l ON l.district = m.district AND l.month = m.month
WHERE s.district = $1 AND s.built AND m.read_at < instant($2::bigint) AND m.to_at > instant($2::bigint) - interval '25 months'
  AND (l.month IS NULL OR l.read_at <> m.read_at OR l.cluster <> (SELECT system_identifier FROM pg_control_system())
    OR (SELECT count(*) FROM list_touched t WHERE t.district = $1 AND NOT pg_visible_in_snapshot(t.by_xact, l.seen)) > $3::int)
  AND EXISTS (SELECT FROM cases c WHERE c.district = $1 AND c.filed_at >= m.from_at AND c.filed_at < m.to_at)
ORDER BY m.month DESC LIMIT 1
