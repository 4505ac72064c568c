-- Is each named part of a scope loaded and do squad and unit belong together? Empty parts are no question. By keys.
SELECT
  EXISTS (SELECT 1 FROM district WHERE code = $1),
  $2 = '' OR EXISTS (SELECT 1 FROM street WHERE district = $1 AND code = $2),
  $3 = '' OR EXISTS (SELECT 1 FROM unit WHERE district = $1 AND key = $3),
  $4 = '' OR EXISTS (SELECT 1 FROM squad WHERE district = $1 AND key = $4 AND ($3 = '' OR unit = $3))
