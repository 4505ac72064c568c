-- How many open disposal tasks each squad has. Uses the open tasks' index.
SELECT squad, count(*) FROM task WHERE district = $1 AND open AND kind = 'dispose' AND squad <> '' GROUP BY squad
