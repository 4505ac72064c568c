-- What the case c of a mark m had become by T ($10): filed and not voided; not voided (a disposal due: nor taken back from its squad;
-- a missed report: nor refused or merged, for then it was none); sent elsewhere by an approved return; and of
-- a hand-over, whether no check has failed it (RULINGS 1).
    coalesce(c.filed_at <= instant($10::bigint), false) AND NOT (c.state IN ('voided', 'not_filed') AND c.closed_at <= instant($10::bigint)) AS valid,
    NOT (c.state = 'voided' AND c.closed_at <= instant($10::bigint)) AND CASE m.mark
      WHEN 'need_dispose' THEN NOT (m.case_no IN (SELECT w.case_no FROM case_mark w WHERE w.district = $1 AND w.mark = 'taken_back')
        AND EXISTS (SELECT FROM case_mark w WHERE w.district = $1 AND w.case_no = m.case_no AND w.mark = 'taken_back'
          AND w.unit = m.unit AND w.squad = m.squad AND w.version > m.version AND w.at <= instant($10::bigint)))
      WHEN 'missed' THEN NOT (c.state IN ('not_filed', 'merged') AND c.closed_at <= instant($10::bigint))
        AND NOT EXISTS (SELECT FROM history u WHERE u.district = $1 AND u.case_no = m.case_no AND u.action = 'unmerge' AND u.at > instant($10::bigint)
          AND (SELECT g.at FROM history g WHERE g.district = $1 AND g.case_no = m.case_no AND g.action = 'merge' AND g.version < u.version
            ORDER BY g.version DESC LIMIT 1) <= instant($10::bigint))
      ELSE true END AS stands,
    c.wrong_dispatch AND EXISTS (SELECT FROM case_mark w
      WHERE w.district = $1 AND w.case_no = m.case_no AND w.mark = 'misdirected' AND w.at <= instant($10::bigint)) AS wrong,
    c.rework = 0 OR NOT EXISTS (SELECT FROM span s
      WHERE s.district = $1 AND s.case_no = m.case_no AND s.version = m.version AND s.ended = 'failed' AND s.until_at <= instant($10::bigint)) AS held
