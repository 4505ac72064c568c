-- Which of these media some case, an answer to a roll-call or a visit to a campaign's point names, in any district.
SELECT DISTINCT media_id FROM case_media WHERE media_id = ANY ($1::text[])
UNION SELECT photo FROM roll_answer WHERE photo <> '' AND photo = ANY ($1::text[])
UNION SELECT photo FROM campaign_visit w, unnest(w.photos) photo WHERE w.photos && $1::text[] AND photo = ANY ($1::text[])
