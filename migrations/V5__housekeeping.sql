-- What the recurring jobs look for. Each is partial, so that rows in daily use are not in it.
create index oauth_sessions_unopened on latchkey.oauth_sessions (created_at)
  where opened_at is null and finished_at is null;
create index oauth_sessions_finished on latchkey.oauth_sessions (finished_at) where finished_at is not null;
create index browser_sessions_finished on latchkey.browser_sessions (finished_at) where finished_at is not null;
