-- How the city's sign-on calls this person.
UPDATE login SET subject = $3 WHERE district = $1 AND name = $2
