-- Revert wangge:campaign_points from pg

BEGIN;

DROP TABLE campaign_visit;
DROP FUNCTION campaign_points(text);
ALTER TABLE campaign DROP COLUMN points;

COMMIT;
