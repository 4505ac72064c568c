-- A month of cases wants another plan than a batch of them.
SET LOCAL plan_cache_mode = force_custom_plan
