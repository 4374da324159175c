-- Writes a batch of commands in one go and tells how each fared. A command is written whole or not at all, and a bad
-- one does not touch its neighbours. A stream occurs at most once in a batch.
--
-- The batch comes in columns: a text holds one value a line (JSON never holds a line break, and names must not), for
-- that is cheaper to write and to take apart than an array of texts. Commands, writes and events are numbered from 1.
create function append(
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
-- A plan made while the log was small is kept: it must be one that a big log bears.
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  head       log_head;
  instant    timestamptz;
begin
  -- One writer at a time, so positions are handed out in the order of commit. The statement below takes its snapshot
  -- after this lock: it sees all that was written before.
  select * into strict head from log_head for update;
  instant := greatest(date_trunc('milliseconds', clock_timestamp()), head.recorded_at);

  return query
  with commands as (
    select c.meta::json as meta, c.command
    from unnest(string_to_array(command_meta, E'\n')) with ordinality as c (meta, command)
  ), writes as materialized (
    select w.write, w.command, w.stream, w.expected,
      coalesce(
        (select e.version from events e where e.stream = w.stream order by e.version desc limit 1), 0
      ) as actual,
      w.write = min(w.write) over (partition by w.command) as leads
    from unnest(write_command, string_to_array(write_stream, E'\n'), write_expected)
      with ordinality as w (command, stream, expected, write)
  ), refused as materialized (
    -- One verdict a command: the leading write speaks first.
    select distinct on (w.command) w.command, w.stream, w.actual, begun.position,
      case
        when begun.fingerprint is null then 'conflict'
        when begun.fingerprint = c.meta ->> 'fingerprint' then 'duplicate'
        else 'id_reused'
      end as kind
    from writes w
    join commands c on c.command = w.command
    -- Only a command that was to begin its leading stream can be a repeat of the one that did.
    left join lateral (
      select e.position, coalesce(e.meta ->> 'fingerprint', '') as fingerprint
      from events e
      where w.leads and w.expected = 0 and c.meta ->> 'fingerprint' is not null
        and e.stream = w.stream and e.version = 1
      -- Keeps it a look-up for each row: a plan made while the log was small would join the whole log instead, and last.
      limit 1
    ) as begun on true
    where w.actual <> w.expected
    order by w.command, w.write
  ), placed as materialized (
    select e.event, w.command, w.stream, c.meta, e.type, e.schema_version, e.key, e.data,
      (w.expected + row_number() over (partition by e.write order by e.event))::int as version,
      head.position + row_number() over (order by e.event) as position,
      head.position + count(*) over (order by w.command) as command_end
    from unnest(
        event_write, string_to_array(event_type, E'\n'), event_schema, string_to_array(event_key, E'\n'),
        string_to_array(event_data, E'\n')
      ) with ordinality as e (write, type, schema_version, key, data, event)
    join writes w on w.write = e.write
    join commands c on c.command = w.command
    where not exists (select from refused r where r.command = w.command)
  ), written as (
    insert into events (position, stream, version, key, type, schema_version, data, meta, recorded_at, command_end)
    select p.position, p.stream, p.version, p.key, p.type, p.schema_version, p.data::json, p.meta, instant, p.command_end
    from placed p
  ), kept as (
    insert into confidential (position, field, value)
    select p.position, f.name, f.value::json
    from unnest(field_event, string_to_array(field_name, E'\n'), string_to_array(field_value, E'\n'))
      as f (event, name, value)
    join placed p on p.event = f.event
  ), moved as (
    update log_head h set position = head.position + p.events, recorded_at = instant
    from (select count(*) as events from placed) p
    where p.events > 0
  )
  select c.command::int, coalesce(r.kind, 'appended'), coalesce(r.position, a.position), instant, r.stream, r.actual
  from commands c
  left join refused r on r.command = c.command
  left join (select p.command, max(p.position) as position from placed p group by p.command) a on a.command = c.command
  order by c.command;
end
$$;

-- SECURITY DEFINER: it writes with its owner's rights, so that nobody else needs any on the tables.
revoke execute on function append(text, int[], text, int[], int[], text, int[], text, text, int[], text, text) from public;
grant execute on function append(text, int[], text, int[], int[], text, int[], text, text, int[], text, text) to barada_intake;
