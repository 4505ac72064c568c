-- The row of a table by $9 that a mark m of case c belongs to.
CASE $9 WHEN 'district' THEN c.district WHEN 'street' THEN c.street WHEN 'grid' THEN c.grid WHEN 'class' THEN c.class_code
  WHEN 'category' THEN c.code WHEN 'source' THEN c.source WHEN 'unit' THEN m.unit WHEN 'squad' THEN m.squad WHEN 'post' THEN m.post
  WHEN 'person' THEN m.person WHEN 'unit_tree' THEN m.unit WHEN 'region_tree' THEN coalesce(nullif(c.community, ''), c.street) END
