-- Closing conditions in the city's order, page by page. $2: the last one's place in it.
SELECT json_build_object('code', code, 'name', zh, 'zh', zh, 'en', en)::text, lpad(seq::text, 6, '0') FROM closing_condition
WHERE district = $1 AND lpad(seq::text, 6, '0') > $2 ORDER BY seq LIMIT $3::int
