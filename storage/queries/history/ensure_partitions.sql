-- Months of history, outbox and audit, made ahead.
SELECT ensure_partitions(now())
