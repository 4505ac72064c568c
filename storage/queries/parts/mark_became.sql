-- What the case c of a mark m had become by T ($10): filed and not voided; not voided; sent elsewhere by an approved return; and of
-- a hand-over, whether no check has failed it (RULINGS 1).
    coalesce(c.filed_at <= instant($10::bigint), false) AND NOT (c.state IN ('voided', 'not_filed') AND c.closed_at <= instant($10::bigint)) AS valid,
    NOT (c.state = 'voided' AND c.closed_at <= instant($10::bigint)) AS stands,
    c.wrong_dispatch AND EXISTS (SELECT FROM case_mark w
      WHERE w.district = $1 AND w.case_no = m.case_no AND w.mark = 'misdirected' AND w.at <= instant($10::bigint)) AS wrong,
    c.rework = 0 OR NOT EXISTS (SELECT FROM span s
      WHERE s.district = $1 AND s.case_no = m.case_no AND s.version = m.version AND s.ended = 'failed' AND s.until_at <= instant($10::bigint)) AS held
