-- The tables and columns can be read.
BEGIN;
SELECT upstream_system, upstream_number, upstream_due_at, upstream_done_at FROM cases WHERE false;
SELECT same_period FROM category WHERE false;
SELECT district, order_no, version, state, opened_at, last_at, backdated, system, number, text, address, unit, cases, sign_by, return_by,
  due_at, warn_at, signed_at, replied_at, closed_at, late_sign, late, extension_until, extensions, reply, reply_by, signed_off_by,
  satisfaction, redone, sent_back FROM hotline_order WHERE false;
SELECT district, order_no, name, phone FROM hotline_caller WHERE false;
ROLLBACK;
