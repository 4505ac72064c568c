-- The responsibility list, page by page.
SELECT json_build_object('id', id, 'standard', nullif(standard, ''), 'kind', nullif(kind, ''), 'code', nullif(code, ''),
  'condition', nullif(condition, ''), 'class_code', nullif(class_code, ''), 'area', nullif(area, ''),
  'supervising', nullif(supervising, ''), 'responsible', responsible, 'assisting', string_to_array(nullif(assisting, ''), ' '),
  'basis', nullif(basis, ''), 'document', nullif(document, ''), 'from', from_day, 'to', to_day)::text, id
FROM responsibility WHERE district = $1 AND id > $2 ORDER BY id LIMIT $3::int
