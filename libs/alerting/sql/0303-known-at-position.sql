-- The log position that an alert is based on: its `why` link asks for the status as known at that position. Null for rows
-- that the previous version writes during an upgrade; reads then use the alert's own position.
alter table alert add column known_at_position bigint;
update alert a
set known_at_position = coalesce((e.data ->> 'restsOn')::bigint, e.position)
from events e where e.position = a.position;

-- A rebuild in progress, or the rows kept for a rollback, have the same table in a schema of their own.
do $$
declare
  slot text;
begin
  foreach slot in array array['projection_alerts_next', 'projection_alerts_previous'] loop
    if to_regclass(format('%I.alert', slot)) is not null then
      execute format('alter table %I.alert add column known_at_position bigint', slot);
      execute format(
        'update %I.alert a set known_at_position = coalesce((e.data ->> ''restsOn'')::bigint, e.position)
         from events e where e.position = a.position', slot);
    end if;
  end loop;
end
$$;
