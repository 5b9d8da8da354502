-- What rate limits remember, shared by all replicas (GCRA): for each thing counted, the theoretical arrival time of its next
-- request. A row whose time has passed says nothing any more. Unlogged: a check costs no write-ahead log, a crash of
-- PostgreSQL or a failover empties the table and every limit starts anew. Keys are a keyed hash: no address and no name.
create unlogged table latchkey.rate_limits (
  key bytea primary key check (length(key) = 16),
  tat timestamptz not null
) with (fillfactor = 70);
