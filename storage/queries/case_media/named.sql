-- Which of these media some case names, in any district.
SELECT DISTINCT media_id FROM case_media WHERE media_id = ANY ($1::text[])
