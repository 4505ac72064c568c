-- Verify wangge:sign_in on pg

BEGIN;

SELECT district, name, password_hash, must_change, password_at, disabled, subject, totp_key, totp_offered, totp_step, recovery, created_at
FROM login WHERE false;
SELECT district, sha256, session_id, name, role, how, address, agent, opened_at, seen_at, expires_at, ended_at, ended_why FROM session WHERE false;
SELECT district, version FROM session_version WHERE false;

ROLLBACK;
