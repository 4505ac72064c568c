-- Is there anything to fold? (at most a thousand rows are looked at)
SELECT count(*) FROM (SELECT FROM figure_delta WHERE district = $1 LIMIT 1000) d
