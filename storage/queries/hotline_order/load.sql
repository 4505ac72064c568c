-- Some orders, by primary key.
SELECT
/*include parts/order_columns.sql*/
FROM hotline_order o WHERE o.district = $1 AND o.order_no = ANY ($2::text[])
