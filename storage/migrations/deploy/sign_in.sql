-- Deploy wangge:sign_in to pg
-- requires: accounts
-- People sign in: one login a name whatever roles it holds (account), and the sessions of browsers. A secret is kept as its
-- SHA-256, a password as its argon2id; the key of one-time codes (TOTP) is kept as it is, for codes are computed from it.

BEGIN;

CREATE TABLE IF NOT EXISTS login (
  district      text NOT NULL,
  name          text NOT NULL CHECK (name <> '' AND length(name) <= 64),
  -- '' = by the city's sign-on only.
  password_hash text NOT NULL DEFAULT '' CHECK (password_hash = '' OR password_hash LIKE '$argon2id$%'),
  must_change   boolean NOT NULL DEFAULT false,
  password_at   timestamptz NOT NULL DEFAULT now(),
  disabled      boolean NOT NULL DEFAULT false,
  subject       text NOT NULL DEFAULT '',         -- how the city's sign-on calls this person; '' = by the name
  totp_key      bytea NOT NULL DEFAULT '',        -- confirmed
  totp_offered  bytea NOT NULL DEFAULT '',        -- shown, not confirmed yet
  totp_step     bigint NOT NULL DEFAULT 0,        -- the newest step a code was taken of: none is taken twice
  recovery      bytea[] NOT NULL DEFAULT '{}',    -- SHA-256 of the recovery codes that are left
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (district, name)
);
CREATE INDEX IF NOT EXISTS login_name ON login (name);
CREATE UNIQUE INDEX IF NOT EXISTS login_subject ON login (subject) WHERE subject <> '';

-- A name's first password counts for all of its roles. The column stays for the change that made it.
INSERT INTO login (district, name, password_hash, created_at)
SELECT DISTINCT ON (district, name) district, name, password_hash, created_at FROM account
WHERE password_hash IS NOT NULL ORDER BY district, name, created_at
ON CONFLICT DO NOTHING;
ALTER TABLE account ALTER COLUMN password_hash DROP NOT NULL;
UPDATE account SET password_hash = NULL;

CREATE TABLE IF NOT EXISTS session (
  district   text NOT NULL,
  sha256     bytea NOT NULL CHECK (length(sha256) = 32),
  session_id text NOT NULL,
  name       text NOT NULL,
  role       text NOT NULL,
  how        text NOT NULL CHECK (how IN ('password', 'totp', 'recovery', 'oidc')),
  address    text NOT NULL DEFAULT '',
  agent      text NOT NULL DEFAULT '',
  opened_at  timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,  -- whatever is done in it
  ended_at   timestamptz,
  ended_why  text NOT NULL DEFAULT '',
  PRIMARY KEY (district, sha256),
  FOREIGN KEY (district, name, role) REFERENCES account ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS session_name ON session (district, name, opened_at);
CREATE INDEX IF NOT EXISTS session_live ON session (expires_at) WHERE ended_at IS NULL;

-- Rises with every change of who is signed in or may be, so that all doors learn of it.
CREATE TABLE IF NOT EXISTS session_version (
  district text PRIMARY KEY,
  version  bigint NOT NULL CHECK (version > 0)
);

-- The audit log is read by what was done and by whom.
CREATE INDEX IF NOT EXISTS audit_deed ON audit (district, deed, recorded_at);

COMMIT;
