-- How often its user has proven who they are again in a browser session: the cookie says it too, so that one from before,
-- which somebody may have taken a copy of, is worth nothing from then on.
alter table latchkey.browser_sessions add column renewal integer not null default 0;
