-- A name by which other connections read what this transaction reads.
SELECT pg_export_snapshot()
