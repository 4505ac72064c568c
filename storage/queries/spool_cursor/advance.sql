-- Never backwards.
INSERT INTO spool_cursor AS c (district, spool_id, seq)
SELECT $1, t.spool_id, t.seq FROM unnest($2::text[], $3::bigint[]) AS t(spool_id, seq)
ON CONFLICT (district, spool_id) DO UPDATE SET seq = greatest(c.seq, excluded.seq)
