-- Cases that count otherwise in a listed month.
INSERT INTO list_touched (district, case_no) SELECT $1, unnest($2::text[])
