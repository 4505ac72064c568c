-- Districts this database holds.
SELECT code FROM district ORDER BY code
