-- Keeps a part as it now stands under the district's version.
INSERT INTO standing_version (district, part, version, by_whom, note, content)
VALUES ($1, $2, $3, $4, $5, standing_content($1, $2))
