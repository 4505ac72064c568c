-- Takes hotline orders and what an upper platform left on cases away again. For empty databases and tests only.
BEGIN;
DROP TABLE hotline_caller, hotline_order;
ALTER TABLE timer DROP CONSTRAINT timer_clock_check;
ALTER TABLE timer ADD CONSTRAINT timer_clock_check CHECK (clock IN ('disposal', 'stage', 'milestone', 'order'));
ALTER TABLE category DROP COLUMN same_period;
ALTER TABLE cases DROP CONSTRAINT known_state;
ALTER TABLE cases ADD CONSTRAINT known_state CHECK (state IN (
    'reported', 'verifying', 'pending_accept', 'pending_file', 'pending_dispatch', 'returned_by_dispatch',
    'pending_dispose', 'returned_by_unit', 'disposing', 'suspended', 'in_enforcement', 'disposed',
    'pending_review', 'checking', 'pending_close', 'closed', 'forced_closed', 'not_accepted', 'not_filed',
    'voided', 'self_disposed_review', 'self_disposed_closed', 'merged', 'transferred_out'));
ALTER TABLE cases DROP COLUMN upstream_system, DROP COLUMN upstream_number, DROP COLUMN upstream_due_at, DROP COLUMN upstream_done_at;
COMMIT;
