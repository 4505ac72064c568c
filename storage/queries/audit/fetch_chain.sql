-- The next page of the audit chain being verified.
FETCH 2000 FROM audit_rows
