-- Deploy wangge:accounts to pg
-- requires: standing
-- Who may come in: bearer tokens (their SHA-256) and accounts (argon2id). The database itself refuses a name that
-- would command and supervise at once, or join two of the three administrators (CONTRACT 5).

BEGIN;

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The side of the house a role stands on; two different sides never meet under one name.
CREATE OR REPLACE FUNCTION role_side(role text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN role IN ('dispatch_officer', 'unit_clerk', 'unit_head', 'squad_leader', 'disposer') THEN 'command'
    WHEN role IN ('patroller', 'patrol_lead', 'evaluator') THEN 'supervision'
    WHEN role IN ('sys_admin', 'sec_admin', 'auditor') THEN role
  END
$$;

CREATE OR REPLACE FUNCTION role_known(role text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT role IN ('reporter', 'patroller', 'patrol_lead', 'hotline_agent', 'acceptor', 'shift_leader', 'dispatch_officer',
                  'unit_clerk', 'unit_head', 'squad_leader', 'disposer', 'coordinator', 'evaluator', 'inspector', 'leader',
                  'sys_admin', 'sec_admin', 'auditor', 'catalogue_admin')
$$;

CREATE TABLE IF NOT EXISTS account (
  district      text NOT NULL,
  name          text NOT NULL CHECK (name <> '' AND length(name) <= 64),
  role          text NOT NULL CHECK (role_known(role)),
  street        text NOT NULL DEFAULT '',
  unit          text NOT NULL DEFAULT '',
  squad         text NOT NULL DEFAULT '',
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  side          text GENERATED ALWAYS AS (role_side(role)) STORED,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, name, role),
  CONSTRAINT account_sides_apart EXCLUDE USING gist (district WITH =, name WITH =, side WITH <>)
);

CREATE TABLE IF NOT EXISTS token (
  district   text NOT NULL,
  sha256     bytea NOT NULL CHECK (length(sha256) = 32),
  name       text NOT NULL CHECK (name <> '' AND length(name) <= 64),
  role       text NOT NULL CHECK (role_known(role)),
  street     text NOT NULL DEFAULT '',
  unit       text NOT NULL DEFAULT '',
  squad      text NOT NULL DEFAULT '',
  sources    text[] NOT NULL DEFAULT '{}',
  backdate   boolean NOT NULL DEFAULT false,
  expires_at timestamptz NOT NULL,
  revoked    boolean NOT NULL DEFAULT false,
  side       text GENERATED ALWAYS AS (role_side(role)) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, sha256),
  CONSTRAINT token_sides_apart EXCLUDE USING gist (district WITH =, name WITH =, side WITH <>) WHERE (NOT revoked)
);
CREATE INDEX IF NOT EXISTS token_name ON token (district, name);

-- One row a district; rises with every change to its tokens, so that doors learn of it.
CREATE TABLE IF NOT EXISTS token_version (
  district text PRIMARY KEY,
  version  bigint NOT NULL CHECK (version > 0)
);

COMMIT;
