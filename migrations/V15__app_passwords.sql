-- Passwords that people make for one legacy app each, so that their own never reaches it (docs/decisions/0007).
create table latchkey.app_passwords (
  id uuid primary key,
  user_id uuid not null references latchkey.users on delete cascade,
  name text not null,
  -- SHA-256 of 140 random bits.
  digest bytea not null unique check (length(digest) = 32),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- The last login with it.
  last_used_at timestamptz,
  last_used_ip inet,
  last_used_agent text
);
create index app_passwords_user on latchkey.app_passwords (user_id);
create index app_passwords_revoked on latchkey.app_passwords (revoked_at) where revoked_at is not null;
create index app_passwords_expires on latchkey.app_passwords (expires_at) where expires_at is not null;

-- The one that a compat session was opened with.
alter table latchkey.oauth_sessions
  add column app_password_id uuid references latchkey.app_passwords on delete set null;
create index oauth_sessions_app_password on latchkey.oauth_sessions (app_password_id) where app_password_id is not null;
