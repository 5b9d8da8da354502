-- What a sign-in through a provider gives an account, by its link.
alter table latchkey.upstream_links
  -- Scopes its user may ask for, by the rules about the groups they are in there.
  add column granted_scopes text[] not null default '{}',
  -- The address of the account that came from there, and follows it.
  add column email text,
  -- When the account was locked because the provider did not know its user any more: the same moment stands in
  -- users.locked_at while it is this that locks.
  add column held_at timestamptz,
  -- Since when the provider does not know its user any more.
  add column gone_at timestamptz,
  -- Whether it is this that its user may be an admin by: the right goes with the link.
  add column gave_admin boolean not null default false;
