-- That a token key was withdrawn is told to every replica: one whose own list still has it as good refuses its tokens from
-- then on, and mints with it no more. The id stands for the whole table (WithdrawnKeys).

create function latchkey.tell_withdrawn_keys() returns trigger language plpgsql as $$
begin
  perform pg_notify('latchkey_changes', '00000000-0000-0000-0000-000000000001,');
  return null;
end $$;

create trigger tell_insert after insert on latchkey.token_keys
  for each row when (new.withdrawn_at is not null) execute function latchkey.tell_withdrawn_keys();
create trigger tell_update after update of withdrawn_at on latchkey.token_keys
  for each row when ((old.withdrawn_at is null) <> (new.withdrawn_at is null)) execute function latchkey.tell_withdrawn_keys();
