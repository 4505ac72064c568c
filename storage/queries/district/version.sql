-- Polled by the dispatcher: has the standing data changed? By key.
SELECT version, fingerprint FROM district WHERE code = $1
