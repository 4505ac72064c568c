-- Is a month over, and are months kept? $3: now.
SELECT month FROM figure_month WHERE district = $1 AND month = $2::int AND read_at < instant($3::bigint)
