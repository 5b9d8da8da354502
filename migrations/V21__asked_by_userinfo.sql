-- Where a provider gives no refresh token, encrypted_refresh_token may hold an access token that is good for userinfo.
set local lock_timeout = '10s';

alter table latchkey.upstream_sessions
  add column by_userinfo boolean not null default false,
  -- When that access token ends; null if the provider does not say.
  add column asked_until timestamptz;
