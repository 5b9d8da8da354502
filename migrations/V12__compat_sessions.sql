-- Compat sessions: what a client holds after a legacy login (m.login.password, m.login.sso). They stand beside the OAuth
-- sessions, because the token engine, the devices and the clean-up are the same, and they have no client.
alter table latchkey.oauth_sessions
  add column kind text not null default 'oauth' check (kind in ('oauth', 'compat')),
  alter column client_id drop not null,
  -- Null for a compat session whose client did not ask for refresh tokens: its access token does not expire.
  alter column access_ttl drop not null,
  add check (kind <> 'oauth' or (client_id is not null and access_ttl is not null)),
  add check (kind <> 'compat' or (client_id is null and user_id is not null));
