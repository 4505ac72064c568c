-- Who looks at which case, and who works on it; a tab that was not heard of for a minute has gone.
SELECT case_no, json_build_object('case_no', case_no, 'people', coalesce(people, '[]'), 'lease', lease)::text
FROM (SELECT case_no, json_agg(json_build_object('name', name, 'role', role) ORDER BY since, name) AS people
      FROM (SELECT case_no, name, min(role) AS role, min(since) AS since FROM presence
            WHERE district = $1 AND seen_at > now() - interval '60 seconds' AND ($2 = '' OR case_no = $2) GROUP BY case_no, name) p
      GROUP BY case_no) seen
FULL JOIN (SELECT case_no, json_build_object('name', name, 'role', role, 'until', rfc3339(until_at, 0), 'taken_from', nullif(taken_from, ''),
             'reason', nullif(reason, '')) AS lease
           FROM case_lease WHERE district = $1 AND until_at > now() AND ($2 = '' OR case_no = $2)) held USING (case_no)
ORDER BY case_no
LIMIT 2000
