-- Logins of legacy clients by way of the browser (m.login.sso). The login token exists in clear only in the redirect that
-- carries it to the client.
create table latchkey.compat_sso_logins (
  id uuid primary key,
  redirect_uri text not null,
  token_digest bytea unique check (length(token_digest) = 32),
  browser_session_id uuid references latchkey.browser_sessions on delete cascade,
  session_id uuid references latchkey.oauth_sessions on delete set null,
  created_at timestamptz not null,
  fulfilled_at timestamptz,
  exchanged_at timestamptz,

  check ((fulfilled_at is null) = (token_digest is null)),
  check ((fulfilled_at is null) = (browser_session_id is null)),
  check (exchanged_at is null or fulfilled_at is not null)
);
create index compat_sso_logins_browser_session on latchkey.compat_sso_logins (browser_session_id);
create index compat_sso_logins_session on latchkey.compat_sso_logins (session_id);
