-- Sealed months, the newest first.
SELECT month FROM month_seal WHERE district = $1 ORDER BY month DESC
