-- Writers note from now on what they change up to this month: the months' number makes them look.
UPDATE figure_state SET listed = $2::int, calendar = calendar + 1 WHERE district = $1 AND listed < $2::int
