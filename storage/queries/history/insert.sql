-- The batch's history rows, chained by the writer. A move that is not in the lifecycle is refused by trigger.
INSERT INTO history (
  district, case_no, version, action, actor, role, from_state, to_state, at, recorded_at, reason, opinion, photos,
  command_id, changes, transport, chain, chain_seq, hash)
SELECT
  $1, t.case_no, t.version, t.action, t.actor, t.role, t.from_state, t.to_state, instant(t.at), instant($2::bigint),
  t.reason, t.opinion, string_to_array(t.photos, ','), t.command_id, t.changes, t.transport, $3, t.chain_seq,
  decode(t.hash, 'hex')
FROM unnest(
  $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[],
  $13::text[], $14::text[], $15::text[], $16::text[], $17::boolean[], $18::bigint[], $19::text[]
) AS t(case_no, version, action, actor, role, from_state, to_state, at, reason, opinion, photos, command_id, changes,
       transport, chain_seq, hash)
