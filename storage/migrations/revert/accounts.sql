-- Revert wangge:accounts from pg

BEGIN;

DROP TABLE token_version, token, account;
DROP FUNCTION role_known(text), role_side(text);

COMMIT;
