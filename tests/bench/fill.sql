-- Two years of a large city for `bench 10m`: cases, spans, keys and one history row each, made in the database itself.
-- Believable in what the reads depend on: skewed categories and cells, sources, late ones (some 9 %), reworked ones (3 %),
-- ended without filing (3 %), still open ones: the newest days' and 0.5 % that nobody ever handed over. Histories are not
-- whole, so they do not replay; nothing here is for the core to decide on.
-- bench_before(); bench_fill(from, to, all) for n in [from, to]; bench_after().

-- ---- indexes: dropped by their definitions, built again at the end. Columns that nothing here speaks of get an empty value.

CREATE TABLE bench_index (id serial, drop_it text, make_it text);

CREATE FUNCTION bench_before() RETURNS void LANGUAGE plpgsql AS $$
DECLARE line record;
BEGIN
  INSERT INTO bench_index (drop_it, make_it)
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c WHERE c.contype = 'p' AND c.conrelid IN ('cases'::regclass, 'span'::regclass, 'report_key'::regclass)
  UNION ALL
  SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
  FROM pg_index i WHERE NOT i.indisprimary AND i.indrelid IN ('cases'::regclass, 'span'::regclass, 'report_key'::regclass);
  FOR line IN SELECT drop_it FROM bench_index LOOP
    EXECUTE line.drop_it;
  END LOOP;
  FOR line IN
    SELECT a.attrelid::regclass AS its_table, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
      CASE t.typcategory WHEN 'S' THEN '' WHEN 'B' THEN 'f' WHEN 'N' THEN '0' WHEN 'A' THEN '{}' END AS nothing
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid IN ('cases'::regclass, 'span'::regclass, 'report_key'::regclass, 'history'::regclass) AND a.attnum > 0
      AND a.attnotnull AND NOT a.atthasdef AND NOT a.attisdropped AND a.attidentity = '' AND t.typcategory IN ('S', 'B', 'N', 'A')
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT %L::%s', line.its_table, line.attname, line.nothing, line.type);
  END LOOP;
  PERFORM ensure_partitions(now() - make_interval(months => m)) FROM generate_series(0, 26, 4) m;
END $$;

CREATE FUNCTION bench_after(which int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  SELECT make_it INTO line FROM bench_index WHERE id = which;
  EXECUTE line;
  RETURN line;
END $$;

-- ---- what a case may be: a category with its first condition, a cell, and who gets it

CREATE TABLE bench_kind AS
SELECT row_number() OVER (ORDER BY md5(c.standard || c.code)) - 1 AS n, c.standard, c.kind, c.code, c.class_code, c.zh, d.id AS condition,
  d.clock, d.minutes, d.minutes * CASE WHEN d.clock IN ('work_hour', 'work_day') THEN 4.2 ELSE 1 END AS calendar_minutes,
  r.unit, r.squad, coalesce(r.id, '') AS rule
FROM category c
JOIN condition d ON d.district = c.district AND d.standard = c.standard AND d.kind = c.kind AND d.code = c.code
LEFT JOIN LATERAL (SELECT * FROM route_rule r WHERE r.district = c.district AND r.level = 'class_in_district'
  AND r.class_code = c.class_code AND r.standard IN ('', c.standard) ORDER BY r.seq LIMIT 1) r ON true
WHERE c.kind = 'matter' AND d.seq = (SELECT min(seq) FROM condition m WHERE (m.district, m.standard, m.kind, m.code) = (c.district, c.standard, c.kind, c.code));
CREATE UNIQUE INDEX ON bench_kind (n);

CREATE TABLE bench_cell AS
SELECT row_number() OVER (ORDER BY md5(c.grid)) - 1 AS n, c.district, c.grid, c.street, c.community, ST_X(p.at) AS lon, ST_Y(p.at) AS lat, r.unit, r.squad,
  r.id AS rule
FROM cell c, LATERAL (SELECT ST_PointOnSurface(c.shape) AS at) p,
  LATERAL (SELECT * FROM route_rule r WHERE r.district = c.district AND r.level = 'territorial' AND r.street IN ('', c.street) ORDER BY r.street DESC LIMIT 1) r
WHERE c.end_date IS NULL;
CREATE UNIQUE INDEX ON bench_cell (n);
ANALYZE bench_kind;
ANALYZE bench_cell;

-- ---- the cases n in [first, last] of `many`, opened in the order of n give or take a few days

CREATE FUNCTION bench_fill(first bigint, last bigint, many bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kinds bigint := (SELECT count(*) FROM bench_kind);
  cells bigint := (SELECT count(*) FROM bench_cell);
  today timestamptz := now();
BEGIN
  WITH chance AS MATERIALIZED (
    SELECT n, random() AS v, random() AS pace, random() AS how_far, random() AS a, random() AS b, random() AS c, random() < 0.03 AS reworked,
      floor(kinds * power(random(), 3))::bigint AS kind_n, floor(cells * power(random(), 1.5))::bigint AS cell_n, random() AS s,
      -- up to two days early or late, at the hours of people; what would lie ahead is mirrored back
      today - greatest(interval '1 minute', today - (date_trunc('day', today - interval '730 days' * (1 - n::float8 / many + 0.005 * (random() - 0.5)), 'Asia/Shanghai')
        + CASE WHEN random() < 0.85 THEN interval '7 hours' + interval '13 hours' * random() ELSE interval '24 hours' * random() END),
        (date_trunc('day', today - interval '730 days' * (1 - n::float8 / many), 'Asia/Shanghai') + interval '24 hours' * random()) - today) AS opened
    FROM generate_series(first, last) n
  ), planned AS (
    SELECT r.*, k.*, g.district, g.grid, g.street, g.community, g.lon, g.lat, coalesce(k.unit, g.unit) AS its_unit, coalesce(k.squad, g.squad) AS its_squad,
      CASE WHEN k.rule = '' THEN g.rule ELSE k.rule END AS its_rule,
      g.district || to_char(r.opened AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || lpad((r.n % 10000000)::text, 7, '0') AS case_no,
      r.opened + interval '1 minute' + interval '20 minutes' * r.a * r.a AS dispatched,
      k.calendar_minutes * interval '1 minute' AS allowed,
      CASE WHEN r.v < 0.02 THEN 'not_accepted' WHEN r.v < 0.025 THEN 'not_filed' WHEN r.v < 0.03 THEN 'voided' WHEN r.v < 0.033 THEN 'forced_closed' ELSE 'closed' END AS fate
    FROM (SELECT n AS number, * FROM chance) r JOIN bench_kind k ON k.n = r.kind_n JOIN bench_cell g ON g.n = r.cell_n
  ), lived AS (
    SELECT p.*, dispatched + allowed AS due,
      CASE WHEN fate IN ('voided', 'forced_closed') OR pace < 0.005 THEN 'infinity'
           ELSE dispatched + allowed * CASE WHEN pace < 0.91 THEN 0.05 + 0.9 * how_far ELSE 1 + 2 * how_far * how_far END END AS handed
    FROM planned p
  ), ended AS (
    SELECT l.*,
      CASE WHEN handed = 'infinity' THEN 'infinity' ELSE handed + interval '1 hour' + interval '24 hours' * b END AS checked,
      CASE fate WHEN 'closed' THEN CASE WHEN handed = 'infinity' THEN 'infinity' ELSE handed + interval '26 hours' + interval '8 hours' * c END
                WHEN 'not_accepted' THEN opened + interval '1 hour' * b WHEN 'not_filed' THEN opened + interval '1 hour' + interval '1 hour' * b
                ELSE dispatched + allowed * (0.2 + b) END AS ends
    FROM lived l
  ), told AS MATERIALIZED (
    SELECT e.*, gen_random_uuid()::text AS report_id, 'patrol-' || 1 + floor(a * 6)::int AS reporter,
      CASE WHEN ends <= today THEN fate
           WHEN fate IN ('not_accepted', 'not_filed') OR today < dispatched THEN 'pending_accept'
           WHEN today < dispatched + (least(handed, due) - dispatched) * 0.2 THEN 'pending_dispose'
           WHEN today < handed THEN 'disposing' WHEN today < checked THEN 'checking' ELSE 'pending_close' END AS state,
      fate NOT IN ('not_accepted', 'not_filed') AND today >= dispatched AS filed, handed <= least(today, ends) AS over
    FROM ended e
  ), put_cases AS (
    INSERT INTO cases (
      district, case_no, version, report_id, state, opened_at, last_at, source, reporter, standard, kind, code, class_code, condition,
      description, address, lon, lat, grid, street, community, photos, unit, squad, route_rule, explain, clock, limit_minutes,
      due_at, warn_at, left_ms, accepted_at, filed_at, dispatched_at, signed_at, disposed_at, handed_over_at, late, checked_at,
      closed_at, closing_condition, rework, check_mode)
    SELECT district, case_no,
      CASE state WHEN 'closed' THEN 10 WHEN 'pending_close' THEN 9 WHEN 'checking' THEN 8 WHEN 'disposing' THEN 5 WHEN 'pending_accept' THEN 1 ELSE 4 END,
      report_id, state, opened, least(today, ends),
      CASE WHEN s < 0.70 THEN 'patrol' WHEN s < 0.82 THEN 'hotline_12345' WHEN s < 0.90 THEN 'public' WHEN s < 0.94 THEN 'video' WHEN s < 0.97 THEN 'ai'
           WHEN s < 0.98 THEN 'sensor' WHEN s < 0.99 THEN 'inspection' ELSE 'leader' END,
      reporter, standard, kind, code, class_code, CASE WHEN filed THEN condition ELSE '' END,
      zh || '，' || (ARRAY['影响通行', '夜间行人多', '请尽快处理', '群众多次反映', '位于公交站旁', '学校门口', '有安全隐患'])[1 + floor(b * 7)::int] || '，编号' || number,
      street || '街道' || (1 + floor(c * 400)::int) || '号附近', lon + (a - 0.5) * 6e-4, lat + (b - 0.5) * 6e-4, grid, street, community,
      CASE WHEN c < 0.5 THEN ARRAY['sha256-' || md5(number::text) || md5('p' || number)] ELSE '{}' END,
      CASE WHEN filed THEN its_unit ELSE '' END, CASE WHEN filed THEN its_squad ELSE '' END, CASE WHEN filed THEN its_rule ELSE '' END,
      CASE WHEN filed THEN format(
        '{"routing":["component_maintainer: no component","condition_in_grid: no rule","condition_in_street: no rule","class_in_district: rule %s -> %s / %s"],'
        '"deadline":{"limit":%s,"clock":"%s","calendar":"center","from":"%s","due":"%s","provisional":false}}',
        its_rule, its_unit, its_squad, minutes, clock, dispatched, due) ELSE '' END,
      CASE WHEN filed THEN clock ELSE '' END, CASE WHEN filed THEN minutes ELSE 0 END, CASE WHEN filed THEN due END,
      CASE WHEN filed THEN due - allowed * 0.2 END, CASE WHEN over THEN (extract(epoch FROM due - handed) * 1000)::bigint END,
      CASE WHEN filed THEN dispatched END, CASE WHEN filed THEN dispatched END, CASE WHEN filed THEN dispatched END,
      CASE WHEN filed AND state <> 'pending_dispose' THEN least(today, dispatched + (least(handed, due) - dispatched) * 0.2) END,
      CASE WHEN over THEN handed END, CASE WHEN over THEN handed END, over AND handed > due,
      CASE WHEN over AND checked <= least(today, ends) THEN checked END, CASE WHEN ends <= today THEN ends END,
      CASE WHEN state = 'closed' THEN 'restored' ELSE '' END, CASE WHEN reworked AND over THEN 1 ELSE 0 END, CASE WHEN over THEN 'on_site' ELSE '' END
    FROM told
  ), put_keys AS (
    INSERT INTO report_key (district, principal, key, body_hash, report_id, case_no, case_state, place_unusable, recorded_at)
    SELECT district, reporter, 'fill-' || number, md5(number::text) || md5('b' || number), report_id, case_no, 'pending_dispose', false, opened FROM told
  ), put_history AS (
    INSERT INTO history (district, case_no, version, action, actor, role, from_state, to_state, at, recorded_at, reason, opinion, photos, command_id, changes,
      transport, chain, chain_seq, hash)
    SELECT district, case_no, 1, 'report', reporter, 'patroller', 'reported', 'pending_accept', opened, opened, '', '', '{}', '',
      format('[["report_id","%s"],["state","pending_accept"],["grid","%s"],["street","%s"]]', report_id, grid, street), false, 'bench', number, sha256(report_id::bytea)
    FROM told
  )
  -- Without a hand-over: one span, open or cut off. With one: before it and behind it; a failed check lies between two more.
  INSERT INTO span (district, case_no, version, kind, from_at, until_at, ended, unit, squad, due_at)
  SELECT district, case_no, x.version, x.kind, x.from_at, x.until_at, x.ended, its_unit, its_squad, due
  FROM told t, LATERAL (
    SELECT 4, 'undisposed', dispatched, CASE WHEN ends <= today THEN ends END, CASE WHEN ends > today THEN '' WHEN fate = 'voided' THEN 'voided' ELSE 'forced_closed' END
      WHERE NOT over
    UNION ALL SELECT 4, 'undisposed', dispatched, CASE WHEN reworked THEN dispatched + (handed - dispatched) * 0.4 ELSE handed END, 'next' WHERE over
    UNION ALL SELECT 7, 'awaiting', dispatched + (handed - dispatched) * 0.4, dispatched + (handed - dispatched) * 0.6, 'failed' WHERE over AND reworked
    UNION ALL SELECT 9, 'undisposed', dispatched + (handed - dispatched) * 0.6, handed, 'next' WHERE over AND reworked
    UNION ALL SELECT 12, 'awaiting', handed, CASE WHEN ends <= today THEN ends END, CASE WHEN ends <= today THEN 'closed' ELSE '' END WHERE over
  ) x(version, kind, from_at, until_at, ended)
  WHERE filed;
END $$;
