-- Everything that follows in this transaction is read as of one instant.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY
