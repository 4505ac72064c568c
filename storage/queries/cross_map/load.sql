-- How categories of one standard are called in another.
SELECT old_standard, old_kind, old_code, new_standard, new_kind, new_code, kind FROM cross_map WHERE district = $1
ORDER BY old_standard, old_kind, old_code, new_standard, new_kind, new_code
