-- One handover with its snapshot, by its number ($2) or by when its shift began ($3).
SELECT
/*include parts/handover_columns.sql*/
, h.snapshot
FROM handover h WHERE h.district = $1 AND (h.number = $2::bigint OR h.shift_from = instant($3::bigint))
