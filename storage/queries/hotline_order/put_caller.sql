-- Who called, apart from everything else.
INSERT INTO hotline_caller (district, order_no, name, phone) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
