-- A place in the tile's own pixels, 4096 a side, y downwards (Web Mercator; CGCS2000 is taken as WGS 84, DECISIONS 113).
ST_MakePoint(round(((p.lon / 360 + 0.5) * t.n - t.x) * 4096),
  round(((1 - ln(tan(radians(p.lat)) + 1 / cos(radians(p.lat))) / pi()) / 2 * t.n - t.y) * 4096))
