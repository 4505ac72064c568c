-- The first statement of every transaction: nobody can take over while it runs, and the months stay as they are. The second
-- column says by which months the closure tables are counted; NULL: by none yet.
SELECT f.epoch, (SELECT s.calendar FROM figure_state s WHERE s.district = $1) FROM fence f WHERE f.district = $1 FOR SHARE OF f
