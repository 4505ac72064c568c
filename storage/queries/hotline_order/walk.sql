-- Orders in the order of their numbers, page by page, for the check that history replays to the row.
SELECT
/*include parts/order_columns.sql*/
FROM hotline_order o WHERE o.district = $1 AND o.order_no > $2 ORDER BY o.order_no LIMIT 500
