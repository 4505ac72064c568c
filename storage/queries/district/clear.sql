-- Everything of a district that a load replaces; inside the load's transaction.
SELECT clear_standing($1)
