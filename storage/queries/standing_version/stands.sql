-- The newest version of some parts (by spaces), by whom and why; no row: never changed.
SELECT v.version, rfc3339(v.at, coalesce((SELECT utc_offset_minutes FROM district WHERE code = $1), 480)), v.by_whom, v.note
FROM standing_version v WHERE v.district = $1 AND v.part = ANY (string_to_array($2, ' ')) ORDER BY v.version DESC LIMIT 1
