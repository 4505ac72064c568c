-- For the rest of the transaction: it waits while others read its snapshot.
SELECT set_config('idle_in_transaction_session_timeout', '0', true)
