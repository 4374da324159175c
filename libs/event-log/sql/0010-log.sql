-- The log: what happened, in the order of commit. Rows are only ever added, and only by append().
create table events (
  position       bigint      primary key,
  stream         text        collate "C" not null,
  version        integer     not null,
  key            text        collate "C" not null,
  type           text        collate "C" not null,
  schema_version integer     not null,
  -- json, not jsonb: what comes out is what went in, and nothing is spent on taking it apart.
  data           json        not null,
  meta           json        not null,
  recorded_at    timestamptz not null,
  command_end    bigint      not null,
  unique (stream, version)
);

-- The registers are read whole at every start, out of a log that is nearly all reports.
create index events_of_registers on events (position) where type in (
  'RegionDefined', 'BoundaryRevised', 'ActorRegistered', 'OrganisationRegistered', 'InstrumentRegistered',
  'LensDefined', 'ModalitiesAdopted'
);

-- What can get somebody killed, kept apart from the rest.
create table confidential (
  position bigint not null,
  field    text   collate "C" not null,
  value    json   not null,
  primary key (position, field)
);

-- One row: the last position and its time. Whoever holds its lock is the one writer.
create table log_head (
  position    bigint      not null,
  recorded_at timestamptz not null,
  single      boolean     not null default true unique check (single)
) with (fillfactor = 10); -- updated with every batch: new versions of the row find room beside the old ones
insert into log_head (position, recorded_at) values (0, '-infinity');

grant select on events, log_head to barada_intake, barada_analysis;
grant select on confidential to barada_intake;

-- The last position recorded at or before an instant, 0 where there is none. Positions have no gaps and their times
-- never run backwards, so halving finds it without an index.
create function position_at(instant timestamptz) returns bigint
language plpgsql stable
set search_path = pg_catalog, public
as $$
declare
  low  bigint := 0;                                  -- recorded in time, or nothing
  high bigint := (select h.position from log_head h);  -- nothing behind it is
  mid  bigint;
begin
  while low < high loop
    mid := (low + high + 1) / 2;
    if (select e.recorded_at from events e where e.position = mid) <= instant then
      low := mid;
    else
      high := mid - 1;
    end if;
  end loop;
  return low;
end
$$;
revoke execute on function position_at(timestamptz) from public;
grant execute on function position_at(timestamptz) to barada_intake, barada_analysis;
