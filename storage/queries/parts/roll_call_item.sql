-- A roll-call with its answers, or with the one answer of $2 ('' = all of them).
json_build_object('roll_call_id', r.roll_call_id, 'called_by', r.called_by, 'role', r.role, 'street', nullif(r.street, ''), 'note', r.note,
  'at', rfc3339(r.at, z.minutes), 'answer_by', rfc3339(r.answer_by, z.minutes), 'open', r.answer_by > now(),
  'called', (SELECT count(*) FROM roll_answer a WHERE a.district = r.district AND a.roll_call_id = r.roll_call_id),
  'answered', (SELECT count(*) FROM roll_answer a WHERE a.district = r.district AND a.roll_call_id = r.roll_call_id AND a.answered_at <= r.answer_by),
  'late', (SELECT count(*) FROM roll_answer a WHERE a.district = r.district AND a.roll_call_id = r.roll_call_id AND a.answered_at > r.answer_by),
  'answers', (SELECT json_agg(json_build_object('person', a.person, 'answered_at', rfc3339(a.answered_at, z.minutes), 'late', a.answered_at > r.answer_by,
      'device_at', rfc3339(a.device_at, z.minutes), 'lon', a.lon, 'lat', a.lat, 'accuracy_m', a.accuracy_m, 'grid', nullif(a.grid, ''),
      'in_duty_grid', a.in_duty_grid, 'photo', nullif(a.photo, ''), 'note', a.note) ORDER BY a.person)
    FROM roll_answer a WHERE a.district = r.district AND a.roll_call_id = r.roll_call_id AND ($2 = '' OR a.person = $2)))::text
