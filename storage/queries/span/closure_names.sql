-- Names for the rows of a table by $2; classes take theirs from the catalogue.
SELECT key, zh, en FROM unit WHERE district = $1 AND $2 = 'unit'
UNION ALL SELECT key, zh, en FROM squad WHERE district = $1 AND $2 = 'squad'
UNION ALL SELECT code, zh, en FROM street WHERE district = $1 AND $2 IN ('street', 'region_tree')
UNION ALL SELECT code, zh, en FROM district WHERE code = $1 AND $2 IN ('district', 'region_tree')
UNION ALL SELECT class_code, min(class_zh), min(class_en) FROM category WHERE district = $1 AND $2 = 'class' GROUP BY class_code
UNION ALL SELECT code, min(zh), min(en) FROM category WHERE district = $1 AND $2 = 'category' GROUP BY code
UNION ALL SELECT code, zh, en FROM community WHERE district = $1 AND $2 IN ('community', 'region_tree')
