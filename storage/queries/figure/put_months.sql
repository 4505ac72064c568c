-- The months anew. Where a T that something may have been counted by moves, the rollup no longer stands.
WITH given AS (
  SELECT m.month, instant(m.from_at) AS from_at, instant(m.to_at) AS to_at, instant(m.read_at) AS read_at
  FROM unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[]) AS m(month, from_at, to_at, read_at)
), moved AS (
  SELECT EXISTS (SELECT FROM given g JOIN figure_month m ON m.district = $1 AND m.month = g.month
    WHERE (m.from_at, m.to_at) <> (g.from_at, g.to_at) OR (m.read_at <> g.read_at AND least(m.read_at, g.read_at) <= now())) AS yes
), state AS (
  INSERT INTO figure_state (district, built) SELECT $1, NOT EXISTS (SELECT FROM cases WHERE district = $1)
  ON CONFLICT (district) DO UPDATE SET calendar = figure_state.calendar + 1, built = figure_state.built AND NOT (SELECT yes FROM moved)
)
INSERT INTO figure_month (district, month, from_at, to_at, read_at) SELECT $1, month, from_at, to_at, read_at FROM given
ON CONFLICT (district, month) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, read_at = excluded.read_at
