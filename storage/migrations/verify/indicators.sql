-- Marks and seals can be read.
BEGIN;
SELECT mark, person, post, unit, squad FROM case_mark WHERE false;
SELECT digest, signature FROM month_seal WHERE false;
ROLLBACK;
