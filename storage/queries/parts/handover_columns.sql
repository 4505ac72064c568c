-- One handover, without its snapshot.
h.number, h.version, millis(h.shift_from), millis(h.shift_to), h.shift_zh, h.shift_en, millis(h.opened_at), h.opened_by, h.notes,
h.outgoing, millis(h.outgoing_at), h.digest, h.incoming, millis(h.incoming_at), h.remark
