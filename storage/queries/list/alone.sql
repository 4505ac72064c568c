-- Only one lists a district at a time; given back with the transaction.
SELECT pg_try_advisory_xact_lock(hashtext('wangge lists'), hashtext($1))
