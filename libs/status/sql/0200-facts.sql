-- The facts about regions, each version with the positions from and until which it was known.
-- "As known at position p" is one condition: known_from <= p and p < known_until.

create table incident_fact (
  incident      uuid   not null,
  known_from    bigint not null,
  known_until   bigint not null default 9223372036854775807,
  -- Its interval as the assessment takes it; null where no report of it stands.
  started_at    timestamptz,
  ended_at      timestamptz,
  kinds         text[] not null,
  accused       text[] not null,
  regions       text[] not null,
  merged_into   uuid,
  -- IncidentFact of the domain. Plain json, for it is only ever read whole.
  doc           json   not null,
  primary key (incident, known_from)
);
create index incident_fact_now on incident_fact (incident) where known_until = 9223372036854775807;
create index incident_fact_known_from on incident_fact (known_from);
create index incident_fact_started on incident_fact (started_at, incident);
create index incident_fact_merged on incident_fact (merged_into) where merged_into is not null;

-- Where an incident counts. A version of its own: a new level or claim does not move the incident.
create table incident_region (
  region        text   not null,
  incident      uuid   not null,
  known_from    bigint not null,
  known_until   bigint not null default 9223372036854775807,
  started_at    timestamptz not null,
  ended_at      timestamptz not null,
  primary key (region, incident, known_from)
);
create index incident_region_now on incident_region (region, started_at, incident)
  where known_until = 9223372036854775807;
create index incident_region_started on incident_region (region, started_at, incident);
create index incident_region_incident on incident_region (incident) where known_until = 9223372036854775807;

-- Nil reports and denials of access; a withdrawn one has no version that is known now.
create table observation_fact (
  report        uuid   not null,
  known_from    bigint not null,
  known_until   bigint not null default 9223372036854775807,
  type          text   not null,
  region        text   not null,
  regions       text[] not null,
  from_at       timestamptz not null,
  to_at         timestamptz not null,
  doc           json   not null,
  primary key (report, known_from)
);
create index observation_fact_now on observation_fact (report) where known_until = 9223372036854775807;
create index observation_fact_known_from on observation_fact (known_from);
create index observation_fact_known_until on observation_fact (known_until);

create table episode_fact (
  episode       uuid   not null,
  known_from    bigint not null,
  known_until   bigint not null default 9223372036854775807,
  region        text   not null,
  doc           json   not null,
  primary key (episode, known_from)
);
create index episode_fact_known_from on episode_fact (known_from);

create table red_line_fact (
  red_line      uuid   not null,
  known_from    bigint not null,
  known_until   bigint not null default 9223372036854775807,
  region        text   not null,
  doc           json   not null,
  primary key (red_line, known_from)
);
create index red_line_fact_known_from on red_line_fact (known_from);

grant select, insert, update, delete
  on incident_fact, incident_region, observation_fact, episode_fact, red_line_fact to barada_analysis;
