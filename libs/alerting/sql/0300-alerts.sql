-- What subscribers are told: a fold of the log, so a rebuild writes the same rows.
create table alert (
  position       bigint primary key,
  id             uuid not null unique,
  type           text not null,
  region         text not null,
  lens           text,
  status_from    text,
  status_to      text,
  at             text not null,
  recorded_at    timestamptz not null,
  supersedes     uuid,
  -- The highest step of the scale that it names (0 holding ... 3 breakdown_indicated); null where it names no status.
  scale          smallint,
  -- What only some types tell: the incident, its kind, the red line, the share that is still watched.
  detail         jsonb not null
);
create index alert_by_region on alert (region, position);
create index alert_status on alert (region, lens, position) where type in ('status_changed', 'status_restated');
-- A grave incident alarms once, however many of its reports are grave.
create unique index alert_grave_incident on alert ((detail ->> 'incident')) where type = 'grave_incident';
grant select, insert, delete, truncate on alert to barada_analysis;
