-- Whose marks somebody counts: region by the case, body by the mark. $1-$6 as in scope.sql; asked.campaign as in counted.sql.
/*include parts/counted.sql*/
  AND $2 <> 'reporter' AND $3::text IS NOT NULL AND ($4 = '' OR $4 = CASE WHEN c.flags = '{}' THEN c.street ELSE coalesce((counted_as(c.flags, (SELECT month FROM asked)))[3], c.street) END)
    AND ($2 IN ('patroller', 'patrol_lead') OR (($5 = '' OR m.unit = $5) AND ($6 = '' OR m.squad = $6)))
