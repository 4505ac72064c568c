-- Revert wangge:sign_in from pg

BEGIN;

DROP INDEX audit_deed;
UPDATE account a SET password_hash = l.password_hash FROM login l
WHERE l.district = a.district AND l.name = a.name AND l.password_hash <> '';
DELETE FROM account WHERE password_hash IS NULL;
DROP TABLE session_version, session, login;
ALTER TABLE account ALTER COLUMN password_hash SET NOT NULL;

COMMIT;
