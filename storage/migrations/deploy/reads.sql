-- Deploy wangge:reads to pg
-- requires: full_life
-- Lists by deadline that hold ended cases too. Written once a case, when it ends: the queues' own indexes do not grow.

BEGIN;

CREATE INDEX IF NOT EXISTS ended_due ON cases (district, coalesce(due_at, 'infinity'), case_no) WHERE closed_at IS NOT NULL;

COMMIT;
