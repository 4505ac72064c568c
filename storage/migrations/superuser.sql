-- What only a superuser of the database may do; run before sqitch, on every start, by `wangge migrate`.
CREATE EXTENSION IF NOT EXISTS postgis;
