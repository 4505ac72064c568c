-- A thousand numbers of a month's list.
INSERT INTO list_number (district, month, part, first, numbers) VALUES ($1, $2::int, $3::int, $4, $5::text[])
