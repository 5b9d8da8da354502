-- Users are told what the token engine noticed, by mail and at their next sign-in. An event of these kinds waits here
-- until its user has seen it.
alter table latchkey.audit_events add column acknowledged_at timestamptz;
-- What happened before anybody was told of it is no news.
update latchkey.audit_events set acknowledged_at = at
 where kind in ('refresh_token_reused', 'code_reused', 'refresh_suspicion');
create index audit_events_unseen on latchkey.audit_events (user_id, id)
  where acknowledged_at is null and kind in ('refresh_token_reused', 'code_reused', 'refresh_suspicion');

-- The language its user was last spoken to in (BCP 47), for mails.
alter table latchkey.browser_sessions add column locale text;
