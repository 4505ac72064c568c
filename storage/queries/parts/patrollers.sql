-- Everybody who patrols: of the roster, or of a patroller's account or token.
(SELECT patroller AS person FROM duty_line WHERE district = $1
      UNION SELECT name FROM token WHERE district = $1 AND role IN ('patroller', 'patrol_lead') AND NOT revoked
      UNION SELECT name FROM account WHERE district = $1 AND role IN ('patroller', 'patrol_lead'))
