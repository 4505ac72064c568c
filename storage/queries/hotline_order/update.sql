-- An order that moved, compared by version ($4): no row means that it moved meanwhile. Found by primary key.
UPDATE hotline_order SET
  version = $3::bigint, state = $5::text, opened_at = instant(nullif($6, '')::bigint), last_at = instant(nullif($7,
  '')::bigint), backdated = $8::boolean, system = $9::text, number = $10::text, text = $11::text, address = $12::text,
  unit = $13::text, cases = string_to_array($14, ','), sign_by = instant(nullif($15, '')::bigint), return_by =
  instant(nullif($16, '')::bigint), due_at = instant(nullif($17, '')::bigint), warn_at = instant(nullif($18,
  '')::bigint), signed_at = instant(nullif($19, '')::bigint), replied_at = instant(nullif($20, '')::bigint), closed_at
  = instant(nullif($21, '')::bigint), late_sign = $22::boolean, late = $23::boolean, extension_until =
  instant(nullif($24, '')::bigint), extensions = $25::bigint, reply = $26::text, reply_by = $27::text, signed_off_by =
  $28::text, satisfaction = $29::text, redone = $30::bigint, sent_back = $31::bigint
WHERE district = $1 AND order_no = $2 AND version = $4::bigint
