-- A projection's rows are read in the schema public. Beside them there may be a next version, which is being built, and
-- the previous one, kept for a rollback: each in a schema of its own, with the same tables under the same names.
-- These functions act with their owner's rights, so they touch only tables that the projections' role could empty anyway.
create function refuse_foreign_tables(slot text, tables text[]) returns void
language plpgsql stable
set search_path = pg_catalog, public
as $$
begin
  if slot !~ '^projection_[a-z0-9_]+_(next|previous)$' then
    raise exception '% is not a place for a projection', slot;
  end if;
  if exists (
    select from unnest(tables) as t (name)
    where not has_table_privilege('barada_analysis', format('public.%I', t.name), 'delete')
  ) then
    raise exception 'not all of % are tables of projections', tables;
  end if;
end
$$;

-- What makes the indexes in the slot that the table in public has and the one in the slot lacks, under the same names.
create function missing_indexes(slot text, name text) returns table (index_name text, statement text)
language sql stable
set search_path = pg_catalog, public
as $$
  select c.relname, replace(pg_get_indexdef(i.indexrelid), format(' ON public.%I ', name), format(' ON %I.%I ', slot, name))
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  where i.indrelid = format('public.%I', name)::regclass
    and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    and to_regclass(format('%I.%I', slot, c.relname)) is null
$$;

-- Empty tables like those in public, with the same indexes and the same rights; but for those indexes that `later` names.
create function make_projection_slot(slot text, tables text[], later text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public
as $$
declare
  name      text;
  statement text;
begin
  perform refuse_foreign_tables(slot, tables);
  execute format('drop schema if exists %I cascade', slot);
  execute format('create schema %I', slot);
  execute format('grant usage on schema %I to barada_analysis', slot);
  foreach name in array tables loop
    execute format('create table %I.%I (like public.%I including all excluding indexes)', slot, name, name);
    for statement in
      select format('alter table %I.%I add constraint %I %s', slot, name, c.conname, pg_get_constraintdef(c.oid))
      from pg_constraint c
      where c.conrelid = format('public.%I', name)::regclass and c.contype in ('p', 'u', 'x')
      union all
      select missing.statement from missing_indexes(slot, name) as missing where missing.index_name <> all (later)
      union all
      select format('grant %s on %I.%I to %I', a.privilege_type, slot, name, a.grantee::regrole::text)
      from pg_class t, aclexplode(t.relacl) a
      where t.oid = format('public.%I', name)::regclass and a.grantee not in (0, t.relowner)
    loop
      execute statement;
    end loop;
  end loop;
end
$$;

create function drop_projection_slot(slot text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public
as $$
begin
  perform refuse_foreign_tables(slot, '{}');
  execute format('drop schema if exists %I cascade', slot);
end
$$;

-- The indexes that are still missing; and statistics, without which the first readers would get bad plans.
create function finish_projection_slot(slot text, tables text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public
as $$
declare
  name      text;
  statement text;
begin
  perform refuse_foreign_tables(slot, tables);
  foreach name in array tables loop
    for statement in select missing.statement from missing_indexes(slot, name) as missing loop
      execute statement;
    end loop;
    execute format('analyze %I.%I', slot, name);
  end loop;
end
$$;

-- The tables in `incoming` become those that are read; the ones that were go to `outgoing`, in place of what is there.
create function swap_projection_slots(incoming text, outgoing text, tables text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public
as $$
declare
  name    text;
  passage constant text := outgoing || '_passage';
begin
  perform refuse_foreign_tables(incoming, tables);
  perform refuse_foreign_tables(outgoing, tables);
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

revoke execute on function refuse_foreign_tables(text, text[]), missing_indexes(text, text), make_projection_slot(text, text[], text[]),
  drop_projection_slot(text), finish_projection_slot(text, text[]), swap_projection_slots(text, text, text[])
  from public;
grant execute on function make_projection_slot(text, text[], text[]), drop_projection_slot(text),
  finish_projection_slot(text, text[]), swap_projection_slots(text, text, text[]) to barada_analysis;
