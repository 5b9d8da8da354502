-- A session whose row was deleted on purpose, with its client: its tokens are plainly dead, and nothing was lost.
alter table latchkey.lost_sessions add column deleted_at timestamptz;
