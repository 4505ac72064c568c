-- Components by id, page by page.
SELECT json_build_object('component_id', id, 'standard', standard, 'code', code, 'name', zh, 'zh', zh, 'en', en,
  'maintainer', nullif(maintainer, ''), 'owner', nullif(owner, ''), 'supervisor', nullif(supervisor, ''),
  'grid', nullif(grid, ''), 'state', nullif(state, ''), 'initial_date', initial_date, 'changed_date', changed_date,
  'data_source', nullif(data_source, ''), 'remark', nullif(remark, ''), 'crs', coalesce(nullif(crs, ''), 'CGCS2000'),
  'lon', ST_X(place), 'lat', ST_Y(place))::text, id
FROM component WHERE district = $1 AND id > $2 ORDER BY id LIMIT $3::int
