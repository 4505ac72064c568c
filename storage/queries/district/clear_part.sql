-- One part of a district's standing data goes; inside the load's transaction.
SELECT clear_part($1, $2)
