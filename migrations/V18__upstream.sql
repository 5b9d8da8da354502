-- Sign-in through identity providers. Whatever holds browser_sessions, a dump perhaps: it is tried again rather than
-- waited for with everybody behind.
set local lock_timeout = '10s';

-- The providers of the configuration, for whatever refers to them. How one is talked to is never read from here, and no
-- secret of theirs is kept.
create table latchkey.upstream_providers (
  id uuid primary key,
  issuer text,
  human_name text,
  brand_name text,
  client_id text not null,
  ui_order integer not null default 0,
  created_at timestamptz not null,
  -- Set while the configuration does not have it, or has it disabled.
  disabled_at timestamptz
);

-- Subject S at provider P is user U. Without a user: seen, and not tied to anybody yet.
create table latchkey.upstream_links (
  id uuid primary key,
  provider_id uuid not null references latchkey.upstream_providers,
  user_id uuid references latchkey.users on delete cascade,
  subject text not null check (length(subject) between 1 and 512),
  human_account_name text,
  created_at timestamptz not null,

  unique (provider_id, subject)
);
create index upstream_links_user on latchkey.upstream_links (user_id) where user_id is not null;

-- One trip to a provider: pending, then completed by what the provider said, then consumed by a sign-in.
create table latchkey.upstream_sessions (
  id uuid primary key,
  provider_id uuid not null references latchkey.upstream_providers,
  link_id uuid references latchkey.upstream_links on delete set null,
  browser_session_id uuid references latchkey.browser_sessions on delete set null,
  created_at timestamptz not null,
  completed_at timestamptz,
  consumed_at timestamptz,
  -- When its link was taken from its user; for one that has come back and no more, also when they signed out there.
  unlinked_at timestamptz,

  -- What the ID token says: `sub` (which need not be the subject of the link), `sid`, how and when they signed in.
  subject text,
  sid text,
  acr text,
  amr text[],
  auth_time timestamptz,

  -- All that was said, from completion to consumption.
  id_token_claims jsonb,
  userinfo jsonb,
  callback_parameters jsonb,

  -- To sign out there (`id_token_hint`), and to ask whether they are still welcome there.
  encrypted_id_token text,
  encrypted_refresh_token text,
  revalidate_at timestamptz,
  revalidation_failures integer not null default 0,

  check (consumed_at is null or completed_at is not null),
  check (consumed_at is null
         or (id_token_claims is null and userinfo is null and callback_parameters is null))
);
create index upstream_sessions_link on latchkey.upstream_sessions (link_id) where link_id is not null;
create index upstream_sessions_browser_session on latchkey.upstream_sessions (browser_session_id)
  where browser_session_id is not null;
create index upstream_sessions_subject on latchkey.upstream_sessions (provider_id, subject) where subject is not null;
create index upstream_sessions_sid on latchkey.upstream_sessions (provider_id, sid) where sid is not null;
create index upstream_sessions_revalidate on latchkey.upstream_sessions (revalidate_at) where revalidate_at is not null;
-- For those that lead nowhere, which are cleaned away.
create index upstream_sessions_loose on latchkey.upstream_sessions (created_at) where browser_session_id is null;

-- A logout token counts once.
create table latchkey.used_logout_tokens (
  provider_id uuid not null,
  jti_digest bytea not null check (length(jti_digest) = 32),
  expires_at timestamptz not null,

  primary key (provider_id, jti_digest)
);
create index used_logout_tokens_expires_at on latchkey.used_logout_tokens (expires_at);

-- The trip that a browser session was last proven by, if it was by one.
alter table latchkey.browser_sessions
  add column upstream_session_id uuid references latchkey.upstream_sessions on delete set null;
create index browser_sessions_upstream_session on latchkey.browser_sessions (upstream_session_id)
  where upstream_session_id is not null;
