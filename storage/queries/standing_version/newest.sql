-- The version under which a part was last changed; 0: never.
SELECT coalesce(max(version), 0) FROM standing_version WHERE district = $1 AND part = $2
