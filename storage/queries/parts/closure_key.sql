-- The row a case belongs to in a table by $11.
CASE $11 WHEN 'district' THEN cell.district WHEN 'street' THEN cell.street WHEN 'unit' THEN cell.unit WHEN 'squad' THEN cell.squad
  WHEN 'class' THEN cell.class WHEN 'grid' THEN cell.grid WHEN 'category' THEN cell.category WHEN 'unit_tree' THEN cell.unit
  WHEN 'community' THEN cell.community WHEN 'region_tree' THEN coalesce(nullif(cell.community, ''), cell.street) ELSE cell.source END
