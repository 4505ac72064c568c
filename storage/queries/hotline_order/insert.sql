-- A new hotline order, its fields as canonical text in the order of core::for_each_order_field ($4 on). None: it is there.
INSERT INTO hotline_order (
  district, order_no, version, state, opened_at, last_at, backdated, system, number, text, address, unit, cases,
  sign_by, return_by, due_at, warn_at, signed_at, replied_at, closed_at, late_sign, late, extension_until, extensions,
  reply, reply_by, signed_off_by, satisfaction, redone, sent_back)
SELECT
  $1, $2, $3::bigint, $4::text, instant(nullif($5, '')::bigint), instant(nullif($6, '')::bigint), $7::boolean,
  $8::text, $9::text, $10::text, $11::text, $12::text, string_to_array($13, ','), instant(nullif($14, '')::bigint),
  instant(nullif($15, '')::bigint), instant(nullif($16, '')::bigint), instant(nullif($17, '')::bigint),
  instant(nullif($18, '')::bigint), instant(nullif($19, '')::bigint), instant(nullif($20, '')::bigint), $21::boolean,
  $22::boolean, instant(nullif($23, '')::bigint), $24::bigint, $25::text, $26::text, $27::text, $28::text,
  $29::bigint, $30::bigint
ON CONFLICT DO NOTHING
