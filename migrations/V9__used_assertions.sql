-- The assertions by which clients proved themselves (RFC 7523 §3), until they expire: each counts once.
create table latchkey.used_assertions (
  digest bytea primary key,
  expires_at timestamptz not null
);
create index used_assertions_expires_at on latchkey.used_assertions (expires_at);
