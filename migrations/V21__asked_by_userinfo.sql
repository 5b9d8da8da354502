-- Whom a provider is asked about, and by what.
set local lock_timeout = '10s';

alter table latchkey.upstream_sessions
  -- Where a provider gives no refresh token, encrypted_refresh_token may hold an access token that is good for userinfo.
  add column by_userinfo boolean not null default false,
  -- When that access token ends; null if the provider does not say.
  add column asked_until timestamptz,
  -- Nobody signed in by it, but linked an account: its provider is asked because of what the link gives.
  add column linked_only boolean not null default false;

-- Seen and nobody's, which are cleaned away.
create index upstream_links_nobodys on latchkey.upstream_links (created_at) where user_id is null;
