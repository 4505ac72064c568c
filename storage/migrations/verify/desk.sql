-- Verify wangge:desk on pg

BEGIN;

SELECT minute, zh, en FROM desk_shift WHERE false;
SELECT number, version, shift_from, shift_to, snapshot, notes, outgoing, outgoing_at, digest, incoming, incoming_at, remark FROM handover WHERE false;
SELECT report_id, until_at, made_by, made_at FROM reply_promise WHERE false;
SELECT view_id, owner, name, query, shared FROM saved_view WHERE false;
SELECT name, view_id FROM saved_view_pin WHERE false;
SELECT 1 / (relpersistence = 'u')::int FROM pg_class WHERE oid IN ('presence'::regclass, 'case_lease'::regclass);
SELECT case_no, at, name, taken_from, reason FROM lease_takeover WHERE false;
SELECT 1 / count(*) FROM pg_trigger WHERE tgname = 'handover_stays';

ROLLBACK;
