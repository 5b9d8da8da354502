-- Which replicas there are, and up to when each has written down when sessions were last used: nobody knows how long a
-- session has been idle after the earliest of these moments.
create table latchkey.replicas (
  id uuid primary key,
  flushed_at timestamptz not null,
  stopped_at timestamptz
);

-- When no replica could write that down, because Latchkey or its database was away. Such time is not idle time.
create table latchkey.outages (
  id uuid primary key,
  began_at timestamptz not null,
  ended_at timestamptz not null
);
