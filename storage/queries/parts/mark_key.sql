-- The row of a table by $9 that a mark m of case c belongs to. Where asked.month was sealed before the case was amended, as it was then.
CASE $9 WHEN 'district' THEN c.district
  WHEN 'street' THEN CASE WHEN c.flags = '{}' THEN c.street ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[3], c.street) END
  WHEN 'grid' THEN CASE WHEN c.flags = '{}' THEN c.grid ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[5], c.grid) END
  WHEN 'class' THEN CASE WHEN c.flags = '{}' THEN c.class_code ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[6], c.class_code) END
  WHEN 'category' THEN CASE WHEN c.flags = '{}' THEN c.code ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[7], c.code) END
  WHEN 'source' THEN c.source WHEN 'unit' THEN m.unit WHEN 'squad' THEN m.squad WHEN 'post' THEN m.post
  WHEN 'person' THEN m.person WHEN 'unit_tree' THEN m.unit
  WHEN 'region_tree' THEN CASE WHEN c.flags = '{}' THEN coalesce(nullif(c.community, ''), c.street)
    ELSE coalesce(nullif(coalesce((counted_as(c.flags, (SELECT month FROM asked)))[4], c.community), ''), (counted_as(c.flags, (SELECT month FROM asked)))[3], c.street) END END
