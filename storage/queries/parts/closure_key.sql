-- The row a case belongs to in a table by $11.
CASE $11 WHEN 'district' THEN cell.district WHEN 'street' THEN cell.street WHEN 'unit' THEN cell.unit WHEN 'squad' THEN cell.squad
  WHEN 'class' THEN cell.class ELSE cell.source END
