-- What a load changes in one part, against its newest kept version; inside the load's transaction.
SELECT d.key, d.change, coalesce(d.was::text, ''), coalesce(d."is"::text, '')
FROM standing_diff(coalesce((SELECT content FROM standing_version WHERE district = $1 AND part = $2 ORDER BY version DESC LIMIT 1), '{}'),
                   CASE WHEN $2 IN ('evaluation', 'settlement') THEN published_content($1, $2)
                        WHEN $2 IN ('calendars', 'duty', 'shifts') THEN managed_content($1, $2) ELSE standing_content($1, $2) END) d
