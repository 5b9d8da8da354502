-- Whatever turns an answer is told to every replica by the database itself, so that no path, no command and no
-- hand-written SQL can forget it: a list of ids, each followed by a comma, on the channel latchkey_changes; an asterisk
-- means everything. A row trigger gathers the ids and a statement trigger sends them, so that one statement on many rows
-- sends few notifications; a payload has less than 8000 bytes. What a rotation, a flush of activity or an import writes
-- is in no trigger's columns: sending takes a lock on the whole database at commit.

create function latchkey.gather_change() returns trigger language plpgsql as $$
declare
  gathered text := coalesce(current_setting('latchkey.changes', true), '');
begin
  if length(gathered) > 7900 then
    perform pg_notify('latchkey_changes', gathered);
    gathered := '';
  end if;
  perform set_config('latchkey.changes', gathered || coalesce(new.id, old.id) || ',', true);
  return null;
end $$;

create function latchkey.tell_changes() returns trigger language plpgsql as $$
declare
  gathered text := coalesce(current_setting('latchkey.changes', true), '');
begin
  if gathered <> '' then
    perform pg_notify('latchkey_changes', gathered);
    perform set_config('latchkey.changes', '', true);
  end if;
  return null;
end $$;

create function latchkey.tell_everything_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('latchkey_changes', '*');
  return null;
end $$;

create trigger gather_update
  after update of client_id, user_id, scope, device_id, opened_at, finished_at, nonce on latchkey.oauth_sessions
  for each row
  when ((old.client_id, old.user_id, old.scope, old.device_id, old.opened_at is null, old.finished_at is null, old.nonce)
        is distinct from
        (new.client_id, new.user_id, new.scope, new.device_id, new.opened_at is null, new.finished_at is null, new.nonce))
  execute function latchkey.gather_change();
create trigger tell_update
  after update of client_id, user_id, scope, device_id, opened_at, finished_at, nonce on latchkey.oauth_sessions
  for each statement execute function latchkey.tell_changes();
-- The row of a session that has ended goes without a word.
create trigger gather_delete after delete on latchkey.oauth_sessions
  for each row when (old.finished_at is null) execute function latchkey.gather_change();
create trigger tell_delete after delete on latchkey.oauth_sessions
  for each statement execute function latchkey.tell_changes();
create trigger tell_truncate after truncate on latchkey.oauth_sessions
  for each statement execute function latchkey.tell_everything_changed();

create trigger gather_update after update of username, locked_at, deactivated_at on latchkey.users
  for each row
  when ((old.username, old.locked_at is null, old.deactivated_at is null)
        is distinct from (new.username, new.locked_at is null, new.deactivated_at is null))
  execute function latchkey.gather_change();
create trigger tell_update after update of username, locked_at, deactivated_at on latchkey.users
  for each statement execute function latchkey.tell_changes();
create trigger gather_delete after delete on latchkey.users
  for each row execute function latchkey.gather_change();
create trigger tell_delete after delete on latchkey.users
  for each statement execute function latchkey.tell_changes();
create trigger tell_truncate after truncate on latchkey.users
  for each statement execute function latchkey.tell_everything_changed();

create trigger gather_update after update on latchkey.clients
  for each row when (old.* is distinct from new.*) execute function latchkey.gather_change();
create trigger tell_update after update on latchkey.clients
  for each statement execute function latchkey.tell_changes();
create trigger gather_delete after delete on latchkey.clients
  for each row execute function latchkey.gather_change();
create trigger tell_delete after delete on latchkey.clients
  for each statement execute function latchkey.tell_changes();
create trigger tell_truncate after truncate on latchkey.clients
  for each statement execute function latchkey.tell_everything_changed();

-- Room on each page for the next version of a row, so that noting the last activity stays a heap-only update.
alter table latchkey.browser_sessions set (fillfactor = 70);
