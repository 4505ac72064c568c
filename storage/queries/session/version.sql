-- Districts count on their own; the sum rises whenever one of them does.
SELECT coalesce(sum(version), 0)::bigint FROM session_version
