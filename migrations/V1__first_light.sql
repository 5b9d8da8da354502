-- Everything lives in a schema of its own, so that Latchkey can share a database with the tables of the service it
-- replaces. Ids are ULIDs, bit for bit, in uuid columns. State is a set of timestamps; the checks below allow only
-- the combinations the code knows.

create table latchkey.users (
  id uuid primary key,
  username text not null unique,
  created_at timestamptz not null,
  locked_at timestamptz,
  deactivated_at timestamptz,
  can_request_admin boolean not null default false,
  is_guest boolean not null default false
);
-- Imported homeservers have Alice and alice side by side, so this is not unique.
create index users_lower_username on latchkey.users (lower(username));

create table latchkey.user_emails (
  id uuid primary key,
  user_id uuid not null references latchkey.users on delete cascade,
  email text not null,
  created_at timestamptz not null
);
create unique index user_emails_lower_email on latchkey.user_emails (lower(email));
create index user_emails_user on latchkey.user_emails (user_id);

-- One row a user: a superseded hash has no reader, only thieves.
create table latchkey.user_passwords (
  user_id uuid primary key references latchkey.users on delete cascade,
  hashed_password text not null,
  version integer not null,
  created_at timestamptz not null
);

-- Whoever changes a user's devices on the homeserver holds this row meanwhile.
create table latchkey.user_leases (
  user_id uuid primary key references latchkey.users on delete cascade,
  holder uuid not null,
  deadline timestamptz not null
);

create table latchkey.clients (
  id uuid primary key,
  metadata_digest text unique,
  encrypted_client_secret text,
  application_type text,
  redirect_uris text[] not null default '{}',
  grant_types text[] not null default '{}',
  response_types text[] not null default '{}',
  client_name text,
  client_uri text,
  logo_uri text,
  policy_uri text,
  tos_uri text,
  jwks_uri text,
  jwks jsonb,
  contacts text[] not null default '{}',
  software_id text,
  software_version text,
  id_token_signed_response_alg text,
  userinfo_signed_response_alg text,
  token_endpoint_auth_method text not null,
  token_endpoint_auth_signing_alg text,
  initiate_login_uri text,
  is_static boolean not null default false,
  created_at timestamptz not null
);

create table latchkey.browser_sessions (
  id uuid primary key,
  user_id uuid not null references latchkey.users on delete cascade,
  created_at timestamptz not null,
  authenticated_at timestamptz not null,
  finished_at timestamptz,
  user_agent text,
  last_active_at timestamptz,
  last_active_ip inet
);
create index browser_sessions_user on latchkey.browser_sessions (user_id);

create table latchkey.oauth_sessions (
  id uuid primary key,
  client_id uuid not null references latchkey.clients,
  user_id uuid references latchkey.users on delete cascade,
  browser_session_id uuid references latchkey.browser_sessions,
  scope text not null,
  device_id text,
  created_at timestamptz not null,
  -- Null while the code exchange is still making the device known to the homeserver: no token works yet.
  opened_at timestamptz,
  finished_at timestamptz,
  finished_reason text,

  -- The token engine. None of these is indexed, so that a rotation stays a heap-only update.
  nonce bigint not null,
  generation bigint not null default 0,
  used_generation bigint not null default -1,
  issued_at timestamptz not null,
  access_ttl integer not null,
  token_key integer not null,
  previous_token_key integer,
  rotated_ip inet,
  rotated_agent text,
  collision_generation bigint,
  collision_count integer not null default 0,
  suspected_at timestamptz,

  user_agent text,
  human_name text,
  last_active_at timestamptz,
  last_active_ip inet,

  check ((finished_at is null) = (finished_reason is null)),
  check (generation >= 0)
) with (fillfactor = 70);
-- A device belongs to one live session of its user.
create unique index oauth_sessions_live_device on latchkey.oauth_sessions (user_id, device_id)
  where finished_at is null and opened_at is not null and device_id is not null;
create index oauth_sessions_user on latchkey.oauth_sessions (user_id) where finished_at is null;
create index oauth_sessions_client on latchkey.oauth_sessions (client_id) where finished_at is null;
create index oauth_sessions_browser_session on latchkey.oauth_sessions (browser_session_id);

-- Tokens of other makers, known only by their digest, until their session's row goes.
create table latchkey.foreign_tokens (
  digest bytea primary key check (length(digest) = 32),
  session_id uuid not null references latchkey.oauth_sessions on delete cascade,
  kind text not null,
  generation bigint not null,
  issued_at timestamptz not null,
  expires_at timestamptz
);
create index foreign_tokens_session on latchkey.foreign_tokens (session_id);

create table latchkey.authorization_grants (
  id uuid primary key,
  client_id uuid not null references latchkey.clients on delete cascade,
  browser_session_id uuid references latchkey.browser_sessions,
  session_id uuid references latchkey.oauth_sessions on delete set null,
  code_digest bytea unique check (length(code_digest) = 32),
  redirect_uri text not null,
  redirect_uri_given boolean not null,
  response_mode text not null check (response_mode in ('query', 'fragment', 'form_post')),
  scope text not null,
  state text,
  nonce text,
  code_challenge text,
  login_hint text,
  locale text,
  raw_parameters jsonb not null default '{}',
  created_at timestamptz not null,
  fulfilled_at timestamptz,
  cancelled_at timestamptz,
  exchanged_at timestamptz,
  -- Whoever exchanges the code holds it until the deadline.
  lease_holder uuid,
  lease_deadline timestamptz,

  check ((fulfilled_at is null) = (code_digest is null)),
  check (fulfilled_at is null or browser_session_id is not null),
  check (exchanged_at is null or fulfilled_at is not null),
  check (cancelled_at is null or fulfilled_at is null),
  check ((lease_holder is null) = (lease_deadline is null))
);
create index authorization_grants_client on latchkey.authorization_grants (client_id);
create index authorization_grants_browser_session on latchkey.authorization_grants (browser_session_id);
create index authorization_grants_session on latchkey.authorization_grants (session_id);

-- Which keys ever minted here, and how to tell that a configured key is the one meant.
create table latchkey.token_keys (
  id integer primary key,
  check_value bytea not null,
  first_seen_at timestamptz not null,
  withdrawn_at timestamptz
);

-- Authentic tokens without a row: this database lost data. Empty again once an admin has accepted the loss.
create table latchkey.lost_sessions (
  session_id uuid primary key,
  issued_at timestamptz not null,
  noticed_at timestamptz not null,
  accepted_at timestamptz
);

create table latchkey.audit_events (
  id uuid primary key,
  at timestamptz not null,
  kind text not null,
  user_id uuid,
  client_id uuid,
  session_id uuid,
  details jsonb not null default '{}'
);
create index audit_events_user on latchkey.audit_events (user_id, id);
