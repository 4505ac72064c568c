-- Keeps a part as it now stands under the district's version.
INSERT INTO standing_version (district, part, version, by_whom, note, content)
VALUES ($1, $2, $3, $4, $5, CASE WHEN $2 IN ('evaluation', 'settlement') THEN published_content($1, $2)
                        WHEN $2 IN ('calendars', 'duty', 'shifts') THEN managed_content($1, $2) ELSE standing_content($1, $2) END)
