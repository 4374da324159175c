-- The tables in `incoming` become those that are read; the ones that were go to `outgoing`, in place of what is there.
create or replace function swap_projection_slots(incoming text, outgoing text, tables text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public
as $$
declare
  name    text;
  passage constant text := outgoing || '_passage';
begin
  perform refuse_foreign_tables(incoming, tables);
  perform refuse_foreign_tables(outgoing, tables);
  -- The rows may have been written without waiting for the disk; that they are read from now on may not be lost.
  perform set_config('synchronous_commit', 'on', true);
  execute format('create schema %I', passage);
  execute format('grant usage on schema %I to barada_analysis', passage);
  foreach name in array tables loop
    execute format('alter table public.%I set schema %I', name, passage);
    execute format('alter table %I.%I set schema public', incoming, name);
  end loop;
  execute format('drop schema %I cascade', incoming);
  execute format('drop schema if exists %I cascade', outgoing);
  execute format('alter schema %I rename to %I', passage, outgoing);
end
$$;
