-- The days of a district's case numbers: the least and the greatest, and how many cases. By the primary key's ends.
SELECT left(min(case_no), 14), left(max(case_no), 14) FROM cases WHERE district = $1
