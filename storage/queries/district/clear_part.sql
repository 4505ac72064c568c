-- One part of a district's standing data goes; inside the load's transaction.
SELECT CASE WHEN $2 IN ('evaluation', 'settlement') THEN clear_published($1, $2)
            WHEN $2 IN ('calendars', 'bodies') THEN clear_managed($1, $2) ELSE clear_part($1, $2) END
