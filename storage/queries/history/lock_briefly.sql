-- For the rest of the transaction: who waits for a table's lock makes all who come later wait as well.
SELECT set_config('lock_timeout', '500ms', true)
