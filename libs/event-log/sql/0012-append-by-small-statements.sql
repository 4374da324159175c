-- Writes a batch of commands in one go and tells how each fared. A command is written whole or not at all, and a bad
-- one does not touch its neighbours. A stream occurs at most once in a batch.
--
-- The batch comes in columns: a text holds one value a line (JSON never holds a line break, and names must not), for
-- that is cheaper to write and to take apart than an array of texts. Commands, writes and events are numbered from 1.
create or replace function append(
  command_meta       text,  -- a line a command
  write_command      int[], -- which command the write belongs to
  write_stream       text,
  write_expected     int[],
  event_write        int[], -- which write the event belongs to
  event_type         text,
  event_schema       int[],
  event_key          text,
  event_data         text,
  -- what is kept apart, field by field
  field_event        int[], -- which event the field belongs to
  field_name         text,
  field_value        text
) returns table (
  command     int,
  -- appended, duplicate, id_reused, conflict
  kind        text,
  -- appended: the command's last event; duplicate: the stream's first event
  "position"  bigint,
  recorded_at timestamptz,
  -- conflict: the stream that has another version than expected
  stream      text,
  actual      int
)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
-- A plan made while the log was small is kept: it must be one that a big log bears. And to make one for each batch would
-- cost more than to run it.
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  head     log_head;
  instant  timestamptz;
  metas    text[] := string_to_array(command_meta, E'\n');
  streams  text[] := string_to_array(write_stream, E'\n');
  types    text[] := string_to_array(event_type, E'\n');
  keys     text[] := string_to_array(event_key, E'\n');
  datas    text[] := string_to_array(event_data, E'\n');
  actuals  int[];
  -- Commands that are not written, each with its verdict in the same place of the others.
  refused  int[] := '{}';
  kinds    text[];
  firsts   bigint[];
  culprits int[]; -- which write stands in its way
  -- The place of each event among those that are written, null where its command is refused.
  places   bigint[];
begin
  -- One writer at a time, so positions are handed out in the order of commit. The statements below take their snapshots
  -- after this lock: they see all that was written before.
  select * into strict head from log_head for update;
  instant := greatest(date_trunc('milliseconds', clock_timestamp()), head.recorded_at);

  -- Small statements over numbers that point into the arrays. One big one, which carried every event's data through
  -- each of its steps, took a quarter longer.
  actuals := array(
    select coalesce((select e.version from events e where e.stream = w.stream order by e.version desc limit 1), 0)
    from unnest(streams) with ordinality as w (stream, write)
    order by w.write
  );
  if actuals <> write_expected then
    select array_agg(v.command), array_agg(v.kind), array_agg(v.position), array_agg(v.write)
    into refused, kinds, firsts, culprits
    from (
      -- One verdict a command: the leading write, its first, speaks first.
      select distinct on (w.command) w.command, w.write, begun.position,
        case
          when begun.fingerprint is null then 'conflict'
          when begun.fingerprint = metas[w.command]::json ->> 'fingerprint' then 'duplicate'
          else 'id_reused'
        end as kind
      from unnest(write_command) with ordinality as w (command, write)
      -- Only a command that was to begin its leading stream can be a repeat of the one that did.
      left join lateral (
        select e.position, coalesce(e.meta ->> 'fingerprint', '') as fingerprint
        from events e
        where write_command[w.write - 1] is distinct from w.command and write_expected[w.write] = 0
          and metas[w.command]::json ->> 'fingerprint' is not null
          and e.stream = streams[w.write] and e.version = 1
        -- Keeps it a look-up for each row: a plan made while the log was small would join the whole log instead.
        limit 1
      ) as begun on true
      where actuals[w.write] <> write_expected[w.write]
      order by w.command, w.write
    ) as v;
  end if;

  places := array(
    select case when w.written then count(*) filter (where w.written) over (order by w.event) end
    from (
      select e.event, write_command[e.write] <> all (refused) as written
      from unnest(event_write) with ordinality as e (write, event)
    ) as w
    order by w.event
  );

  insert into events (position, stream, version, key, type, schema_version, data, meta, recorded_at, command_end)
  select head.position + places[p.event], streams[p.write],
    write_expected[p.write] + row_number() over (partition by p.write order by p.event),
    keys[p.event], types[p.event], event_schema[p.event], datas[p.event]::json, metas[p.command]::json, instant,
    head.position + max(places[p.event]) over (partition by p.command)
  from (
    select e.event, e.write, write_command[e.write] as command
    from unnest(event_write) with ordinality as e (write, event)
  ) as p
  where places[p.event] is not null;

  insert into confidential (position, field, value)
  select head.position + places[f.event], f.name, f.value::json
  from unnest(field_event, string_to_array(field_name, E'\n'), string_to_array(field_value, E'\n'))
    as f (event, name, value)
  where places[f.event] is not null;

  update log_head
  set position = head.position + written.events, recorded_at = instant
  from (select count(*) as events from unnest(places) as place where place is not null) as written
  where written.events > 0;

  return query
  select c.command, coalesce(r.kind, 'appended'), coalesce(r.first, head.position + last.place), instant,
    streams[r.write], actuals[r.write]
  from generate_series(1, cardinality(metas)) as c (command)
  left join unnest(refused, kinds, firsts, culprits) as r (command, kind, first, write) on r.command = c.command
  left join (
    select write_command[e.write] as command, max(places[e.event]) as place
    from unnest(event_write) with ordinality as e (write, event)
    group by 1
  ) as last on last.command = c.command
  order by c.command;
end
$$;

-- SECURITY DEFINER: it writes with its owner's rights, so that nobody else needs any on the tables.
revoke execute on function append(text, int[], text, int[], int[], text, int[], text, text, int[], text, text) from public;
grant execute on function append(text, int[], text, int[], int[], text, int[], text, text, int[], text, text) to barada_intake;
