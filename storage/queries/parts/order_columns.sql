-- A whole order in the order of core::for_each_order_field, each field as canonical text.
  o.order_no, o.version, o.state, coalesce(millis(o.opened_at)::text, ''), coalesce(millis(o.last_at)::text, ''), CASE
  WHEN o.backdated THEN 't' ELSE 'f' END, o.system, o.number, o.text, o.address, o.unit, array_to_string(o.cases,
  ','), coalesce(millis(o.sign_by)::text, ''), coalesce(millis(o.return_by)::text, ''),
  coalesce(millis(o.due_at)::text, ''), coalesce(millis(o.warn_at)::text, ''), coalesce(millis(o.signed_at)::text,
  ''), coalesce(millis(o.replied_at)::text, ''), coalesce(millis(o.closed_at)::text, ''), CASE WHEN o.late_sign THEN
  't' ELSE 'f' END, CASE WHEN o.late THEN 't' ELSE 'f' END, coalesce(millis(o.extension_until)::text, ''),
  o.extensions::text, o.reply, o.reply_by, o.signed_off_by, o.satisfaction, o.redone::text, o.sent_back::text
