-- The next page of the chain being verified.
FETCH 2000 FROM chain_rows
