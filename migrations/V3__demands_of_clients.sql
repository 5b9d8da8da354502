-- What a client demands of the person who answers a grant and of their sign-in, and what it wants to be told of them.
alter table latchkey.authorization_grants
  -- Who may consent; empty for anybody.
  add column subjects uuid[] not null default '{}',
  -- The oldest sign-in that will do, in seconds; one made since the request always does. Null for any.
  add column max_auth_age integer check (max_auth_age >= 0),
  add column prompts text[] not null default '{}',
  -- The browser session its user chose to go on with, where the client asked for a choice.
  add column chosen_session_id uuid references latchkey.browser_sessions on delete set null,
  add column ui_locales text[] not null default '{}',
  add column id_token_claims text[] not null default '{}',
  add column userinfo_claims text[] not null default '{}';
create index authorization_grants_chosen_session on latchkey.authorization_grants (chosen_session_id);

alter table latchkey.oauth_sessions
  add column userinfo_claims text[] not null default '{}';

-- How its user proved who they are, in the words of RFC 8176. Until now there was only the password.
alter table latchkey.browser_sessions
  add column amr text[] not null default '{pwd}';
alter table latchkey.browser_sessions
  alter column amr drop default;

-- What users have allowed which clients: only this lets a client be answered without a page (prompt=none).
create table latchkey.approvals (
  user_id uuid not null references latchkey.users on delete cascade,
  client_id uuid not null references latchkey.clients on delete cascade,
  scope text not null,
  approved_at timestamptz not null
);
create index approvals_user_client on latchkey.approvals (user_id, client_id);
create index approvals_client on latchkey.approvals (client_id);
