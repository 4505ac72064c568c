-- A district's fence, before its first writer.
INSERT INTO fence (district) VALUES ($1) ON CONFLICT DO NOTHING
