-- Which of these media some case, or an answer to a roll-call, names, in any district.
SELECT DISTINCT media_id FROM case_media WHERE media_id = ANY ($1::text[])
UNION SELECT photo FROM roll_answer WHERE photo <> '' AND photo = ANY ($1::text[])
