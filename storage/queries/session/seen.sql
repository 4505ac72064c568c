-- When somebody was last at it; only ever later.
UPDATE session s SET seen_at = instant(n.at) FROM unnest($1::text[], $2::text[], $3::bigint[]) AS n(district, sha256, at)
WHERE s.district = n.district AND s.sha256 = decode(n.sha256, 'hex') AND s.seen_at < instant(n.at)
