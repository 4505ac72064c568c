-- The next marks of the period.
FETCH 20000 FROM mark_rows
