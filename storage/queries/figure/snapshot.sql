-- Everything that a rebuild reads is read as of one instant; what others write meanwhile adds to it.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
