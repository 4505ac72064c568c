-- Which case names which medium: who may read it, and what must not be swept.
INSERT INTO case_media (district, media_id, case_no)
SELECT $1, t.media_id, t.case_no FROM unnest($2::text[], $3::text[]) AS t(media_id, case_no)
ON CONFLICT DO NOTHING
