-- Whose figures: the district's own, which leave out the cases of campaigns counted apart; or one campaign's (asked.campaign); or, '*', all of them.
  CASE (SELECT campaign FROM asked) WHEN '' THEN c.campaign = '' OR NOT 'counted_apart:' || c.campaign = ANY (c.flags)
    WHEN '*' THEN true ELSE c.campaign = (SELECT campaign FROM asked) END
