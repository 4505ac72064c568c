-- Takes marks and seals away again. For empty databases and tests only.
BEGIN;
DROP TABLE month_seal, case_mark;
COMMIT;
