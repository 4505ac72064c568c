-- A shift's handover with the snapshot as it was taken; nothing where the shift has one, or another took the number meanwhile.
INSERT INTO handover (district, number, shift_from, shift_to, shift_zh, shift_en, opened_at, opened_by, snapshot)
SELECT $1, coalesce((SELECT max(number) FROM handover WHERE district = $1), 0) + 1, instant($2::bigint), instant($3::bigint), $4, $5,
       instant($6::bigint), $7, $8
ON CONFLICT DO NOTHING
