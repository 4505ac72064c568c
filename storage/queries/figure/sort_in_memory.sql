-- For the rest of the transaction: half a month's marks are sorted at once.
SELECT set_config('work_mem', '256MB', true)
