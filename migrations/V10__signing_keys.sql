-- The signing keys this database has seen, so that a new one is published before it signs.
create table latchkey.signing_keys (
  -- RFC 7638
  thumbprint text primary key,
  -- Null for those of the first start: there was nothing to wait for.
  first_seen_at timestamptz
);
