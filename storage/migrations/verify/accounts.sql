-- Verify wangge:accounts on pg

BEGIN;

SELECT district, name, role, street, unit, squad, password_hash, side, created_at FROM account WHERE false;
SELECT district, sha256, name, role, street, unit, squad, sources, backdate, expires_at, revoked FROM token WHERE false;
SELECT district, version FROM token_version WHERE false;
SELECT 1 / (role_known('patroller') AND NOT role_known('system'))::int;

ROLLBACK;
