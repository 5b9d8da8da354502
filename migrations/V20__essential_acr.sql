-- A client may say that a sign-in has to be of one of these kinds (OpenID Connect Core §5.5.1.1), which only a provider
-- may reach.
set local lock_timeout = '10s';

alter table latchkey.authorization_grants
  -- One of them has to be what the ID token will say of the sign-in; empty for any.
  add column essential_acrs text[] not null default '{}',
  -- What that was when the code was made, where it mattered.
  add column reached_acr text,
  -- A replica that does not know of it yet makes no code either.
  add check (cardinality(essential_acrs) = 0 or fulfilled_at is null
             or (reached_acr is not null and reached_acr = any (essential_acrs)));

alter table latchkey.upstream_sessions
  -- The grant that somebody went there for, with all that its client wants of a sign-in. It may be gone.
  add column grant_id uuid;
