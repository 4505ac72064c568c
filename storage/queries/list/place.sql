-- The place behind the number $3 in a month's list.
SELECT coalesce((
  SELECT n.part::bigint * 1000 + (SELECT count(*) FROM unnest(n.numbers) one WHERE one <= $3)
  FROM list_number n WHERE n.district = $1 AND n.month = $2::int AND n.first <= $3 ORDER BY n.part DESC LIMIT 1), 0)
