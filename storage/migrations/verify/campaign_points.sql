-- Verify wangge:campaign_points on pg

BEGIN;

SELECT points FROM campaign WHERE false;
SELECT 1 / (name = 'South market' AND lon = 116.5)::int FROM campaign_points('p1 116.5 35.4 South market');
SELECT visit_id, campaign, point, person, at, device_at, lon, lat, accuracy_m, metres, result, checked, photos, note FROM campaign_visit WHERE false;

ROLLBACK;
