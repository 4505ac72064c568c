-- The truth about cases: one row a case with its version, append-only history, tasks, outbox, frozen answers, spans.
-- Every key begins with the district, so the tables can be spread by district without a rewrite. Cases, keys and
-- commands are never partitioned (a unique key would have to hold the partition key); history, outbox and audit are,
-- by recorded_at.
BEGIN;

-- Milliseconds since 1970 UTC <-> timestamptz; plain expressions, inlined by the planner.
CREATE OR REPLACE FUNCTION instant(bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_timestamp($1::float8 / 1000) $$;
CREATE OR REPLACE FUNCTION millis(timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT (extract(epoch FROM $1) * 1000)::bigint $$;
-- RFC 3339 with the district's offset ('+08:00'); NULL stays NULL.
CREATE OR REPLACE FUNCTION rfc3339(timestamptz, minutes int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(($1 AT TIME ZONE 'UTC') + make_interval(mins => $2), 'YYYY-MM-DD"T"HH24:MI:SS.MS')
            || CASE WHEN $2 < 0 THEN '-' ELSE '+' END
            || lpad((abs($2) / 60)::text, 2, '0') || ':' || lpad((abs($2) % 60)::text, 2, '0') $$;

-- One writer a district. Changes only at take-over and when a second connection joins.
CREATE TABLE IF NOT EXISTS fence (
  district text PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0,
  holder text NOT NULL DEFAULT '',
  backend_pids int[] NOT NULL DEFAULT '{}',
  -- After a restore or a promotion: days up to floor_day that have no row in case_number begin at number_floor,
  -- because their rows, and the numbers they gave, may be among what was lost.
  number_floor bigint NOT NULL DEFAULT 1,
  floor_day text NOT NULL DEFAULT '',
  timeline text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS beat (
  district text PRIMARY KEY,
  renewed_at timestamptz NOT NULL
);

-- Numbers of a local day, reserved in blocks under the fence: gaps allowed, repeats never.
CREATE TABLE IF NOT EXISTS case_number (
  district text NOT NULL,
  day text NOT NULL CHECK (day ~ '^[0-9]{8}$'),
  next bigint NOT NULL,
  PRIMARY KEY (district, day)
);

-- The lifecycle's moves, filled from the core's table by `wangge migrate`.
CREATE TABLE IF NOT EXISTS lifecycle_move (
  from_state text NOT NULL,
  action text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (from_state, action, to_state)
);

CREATE TABLE IF NOT EXISTS cases (
  district text NOT NULL,
  case_no text NOT NULL CHECK (case_no ~ '^[0-9]{19,}$'),
  version bigint NOT NULL CHECK (version > 0),
  report_id text NOT NULL,
  state text NOT NULL,
  opened_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  backdated boolean NOT NULL,
  key_conflict boolean NOT NULL,
  source text NOT NULL,
  reporter text NOT NULL,
  standard text NOT NULL,
  kind text NOT NULL,
  code text NOT NULL,
  class_code text NOT NULL,
  condition text NOT NULL,
  description text NOT NULL,
  address text NOT NULL,
  lon float8,
  lat float8,
  grid text NOT NULL,
  street text NOT NULL,
  community text NOT NULL,
  component_id text NOT NULL,
  place_unusable boolean NOT NULL,
  photos text[] NOT NULL,
  twins text[] NOT NULL,
  unit text NOT NULL,
  squad text NOT NULL,
  holder text NOT NULL,
  route_rule text NOT NULL,
  explain text NOT NULL,
  clock text NOT NULL,
  limit_minutes bigint NOT NULL,
  due_at timestamptz,
  warn_at timestamptz,
  left_ms bigint,
  provisional boolean NOT NULL,
  accepted_at timestamptz,
  filed_at timestamptz,
  dispatched_at timestamptz,
  signed_at timestamptz,
  disposed_at timestamptz,
  handed_over_at timestamptz,
  late boolean NOT NULL,
  checked_at timestamptz,
  closed_at timestamptz,
  closing_condition text NOT NULL,
  returns bigint NOT NULL,
  rework bigint NOT NULL,
  wrong_dispatch boolean NOT NULL,
  check_mode text NOT NULL,
  pending_request text NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz,
  exempt boolean NOT NULL,
  dispatched_by text NOT NULL DEFAULT '',  -- actor of the newest `dispatch` row
  PRIMARY KEY (district, case_no),
  CONSTRAINT case_of_its_district CHECK (left(case_no, length(district)) = district),
  CONSTRAINT known_state CHECK (state IN (
    'reported', 'verifying', 'pending_accept', 'pending_file', 'pending_dispatch', 'returned_by_dispatch',
    'pending_dispose', 'returned_by_unit', 'disposing', 'disposed', 'pending_review', 'checking', 'pending_close',
    'closed', 'forced_closed', 'not_accepted', 'not_filed', 'voided', 'self_disposed_review', 'self_disposed_closed')),
  CONSTRAINT ended_exactly_when_closed_at CHECK ((closed_at IS NOT NULL) = (state IN (
    'closed', 'forced_closed', 'not_accepted', 'not_filed', 'voided', 'self_disposed_closed')))
);
CREATE UNIQUE INDEX IF NOT EXISTS cases_report ON cases (district, report_id);
CREATE INDEX IF NOT EXISTS cases_opened ON cases (district, opened_at, case_no);
CREATE INDEX IF NOT EXISTS cases_filed ON cases (district, filed_at) WHERE filed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS cases_ended ON cases (district, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS cases_dispatched ON cases (district, dispatched_at) WHERE dispatched_at IS NOT NULL;
-- The queues: open cases by deadline, alone and inside each filter people use. Cases without a deadline come last.
CREATE INDEX IF NOT EXISTS open_due ON cases (district, coalesce(due_at, 'infinity'), case_no) WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS open_state ON cases (district, state, coalesce(due_at, 'infinity'), case_no) WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS open_unit ON cases (district, unit, squad, coalesce(due_at, 'infinity'), case_no) WHERE closed_at IS NULL;
CREATE INDEX IF NOT EXISTS open_place ON cases (district, street, grid, coalesce(due_at, 'infinity'), case_no) WHERE closed_at IS NULL;

-- Personal data stands apart: seen by three roles, never in lists, never in history.
CREATE TABLE IF NOT EXISTS reporter (
  district text NOT NULL,
  case_no text NOT NULL,
  name text NOT NULL,
  phone text NOT NULL,
  PRIMARY KEY (district, case_no)
);

CREATE TABLE IF NOT EXISTS report_extras (
  district text NOT NULL,
  case_no text NOT NULL,
  extras text NOT NULL,
  PRIMARY KEY (district, case_no)
);

-- The frozen answer of a report, for every retry, at least 90 days.
CREATE TABLE IF NOT EXISTS report_key (
  district text NOT NULL,
  principal text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  report_id text NOT NULL,
  case_no text NOT NULL,
  case_state text NOT NULL,
  place_unusable boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (district, principal, key)
);
CREATE UNIQUE INDEX IF NOT EXISTS report_key_report ON report_key (district, report_id);

CREATE TABLE IF NOT EXISTS command (
  district text NOT NULL,
  principal text NOT NULL,
  command_id text NOT NULL,
  body_hash text NOT NULL,
  status int NOT NULL,
  code text NOT NULL,
  field text NOT NULL,
  case_no text NOT NULL,
  version bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (district, principal, command_id)
);

-- Append-only. `changes` is kept as the text that was hashed: [["field","value"],…].
CREATE TABLE IF NOT EXISTS history (
  district text NOT NULL,
  case_no text NOT NULL,
  version bigint NOT NULL,
  action text NOT NULL,
  actor text NOT NULL,
  role text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  reason text NOT NULL,
  opinion text NOT NULL,
  photos text[] NOT NULL,
  command_id text NOT NULL,
  changes text NOT NULL,
  transport boolean NOT NULL,
  chain text NOT NULL,
  chain_seq bigint NOT NULL,
  hash bytea NOT NULL
) PARTITION BY RANGE (recorded_at);
CREATE INDEX IF NOT EXISTS history_case ON history (district, case_no);
CREATE TABLE IF NOT EXISTS history_default PARTITION OF history DEFAULT;

-- Which move a row makes is checked once a statement, not once a row.
CREATE OR REPLACE FUNCTION history_moves_are_in_the_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT n.case_no, n.from_state, n.action, n.to_state INTO bad FROM added n
   WHERE NOT n.transport AND NOT EXISTS (
     SELECT FROM lifecycle_move m
      WHERE m.from_state = n.from_state AND m.action = n.action AND m.to_state = n.to_state)
   LIMIT 1;
  IF FOUND THEN
    RAISE check_violation USING MESSAGE = format('case %s: no move %s -%s-> %s in the lifecycle',
      bad.case_no, bad.from_state, bad.action, bad.to_state);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER history_moves AFTER INSERT ON history REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION history_moves_are_in_the_lifecycle();

-- A case's life as spans: who had it, did the clock run, when was it due. The closure table reads only these.
CREATE TABLE IF NOT EXISTS span (
  district text NOT NULL,
  case_no text NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('undisposed', 'stopped', 'awaiting')),
  from_at timestamptz NOT NULL,
  until_at timestamptz,
  ended text NOT NULL CHECK (ended IN ('', 'next', 'failed', 'closed', 'forced_closed', 'voided')),
  unit text NOT NULL,
  squad text NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (district, case_no, version),
  CHECK ((until_at IS NULL) = (ended = '')),
  CHECK (until_at >= from_at)
);
CREATE UNIQUE INDEX IF NOT EXISTS span_open ON span (district, case_no) WHERE until_at IS NULL;
CREATE INDEX IF NOT EXISTS span_handed_over ON span (district, from_at) WHERE kind = 'awaiting';
CREATE INDEX IF NOT EXISTS span_ended ON span (district, until_at) WHERE until_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS span_open_due ON span (district, due_at) WHERE until_at IS NULL;

CREATE TABLE IF NOT EXISTS task (
  district text NOT NULL,
  task_id text NOT NULL,
  case_no text NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('dispose', 'verify', 'check', 'assist')),
  unit text NOT NULL,
  squad text NOT NULL,
  holder text NOT NULL,
  epoch bigint NOT NULL,
  due_at timestamptz,
  open boolean NOT NULL,
  quiet boolean NOT NULL,
  created_at timestamptz NOT NULL,
  given_at timestamptz NOT NULL,  -- recorded_at of the save that last gave it to somebody
  received_at timestamptz,
  escalated_at timestamptz,
  PRIMARY KEY (district, task_id)
);
CREATE INDEX IF NOT EXISTS task_case ON task (district, case_no) WHERE open;
CREATE INDEX IF NOT EXISTS task_squad ON task (district, squad) WHERE open;
CREATE INDEX IF NOT EXISTS task_holder ON task (district, holder) WHERE open AND holder <> '';
CREATE INDEX IF NOT EXISTS task_unreceived ON task (district, given_at)
  WHERE open AND NOT quiet AND received_at IS NULL AND escalated_at IS NULL;

-- What must be told to a squad or holder. Readers ask for the status, never for id > last: a late commit would be skipped.
-- pending: not known to be on the device; delivered: received or acted on; withdrawn: no longer theirs (rows with
-- notice = true carry that word to whoever is connected, for a few minutes).
CREATE TABLE IF NOT EXISTS outbox (
  district text NOT NULL,
  outbox_id bigint GENERATED BY DEFAULT AS IDENTITY,
  task_id text NOT NULL,
  epoch bigint NOT NULL,
  squad text NOT NULL,
  holder text NOT NULL,
  notice boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('pending', 'delivered', 'withdrawn')),
  recorded_at timestamptz NOT NULL
) PARTITION BY RANGE (recorded_at);
CREATE INDEX IF NOT EXISTS outbox_pending ON outbox (recorded_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS outbox_task ON outbox (district, task_id) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS outbox_notice ON outbox (recorded_at) WHERE notice;
CREATE TABLE IF NOT EXISTS outbox_default PARTITION OF outbox DEFAULT;

-- The highest contiguous committed sequence of each spool.
CREATE TABLE IF NOT EXISTS spool_cursor (
  district text NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (district, spool_id)
);

-- What no decision could be made about, set aside with an alarm; nothing is dropped.
CREATE TABLE IF NOT EXISTS dead_letter (
  district text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  payload bytea NOT NULL,
  error text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, kind, id)
);

CREATE TABLE IF NOT EXISTS case_media (
  district text NOT NULL,
  media_id text NOT NULL,
  case_no text NOT NULL,
  PRIMARY KEY (district, media_id, case_no)
);
CREATE INDEX IF NOT EXISTS case_media_id ON case_media (media_id);

-- Deeds outside cases (who read, who changed standing data), chained like history.
CREATE TABLE IF NOT EXISTS audit (
  district text NOT NULL,
  actor text NOT NULL,
  role text NOT NULL,
  deed text NOT NULL,
  subject text NOT NULL,
  detail text NOT NULL,
  recorded_at timestamptz NOT NULL,
  chain text NOT NULL,
  chain_seq bigint NOT NULL,
  hash bytea NOT NULL
) PARTITION BY RANGE (recorded_at);
CREATE INDEX IF NOT EXISTS audit_when ON audit (district, recorded_at);
CREATE TABLE IF NOT EXISTS audit_default PARTITION OF audit DEFAULT;

-- The head of each chain: the sequence and hash of its newest row.
CREATE TABLE IF NOT EXISTS chain_head (
  district text NOT NULL,
  chain text NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (district, chain)
);

-- Months from the one before `around` to three after it, for the three partitioned tables. A month whose rows already
-- lie in the default partition stays there.
CREATE OR REPLACE FUNCTION ensure_partitions(around timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  month timestamptz;
  name text;
  made int := 0;
  taken boolean;
BEGIN
  FOREACH parent IN ARRAY ARRAY['history', 'outbox', 'audit'] LOOP
    FOR i IN -1..3 LOOP
      month := (date_trunc('month', around AT TIME ZONE 'UTC') + make_interval(months => i)) AT TIME ZONE 'UTC';
      name := parent || '_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM');
      CONTINUE WHEN to_regclass(name) IS NOT NULL;
      EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE recorded_at >= %L AND recorded_at < %L)', parent || '_default',
                     month, ((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC') INTO taken;
      CONTINUE WHEN taken;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent,
                     month, ((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;

COMMIT;
