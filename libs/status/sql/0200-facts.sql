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
create index incident_fact_known_from on incident_fact (known_from);
create index incident_fact_started on incident_fact (started_at, incident);
-- Where it counts.
create index incident_fact_regions on incident_fact using gin (regions);
create index incident_fact_merged on incident_fact (merged_into) where merged_into is not null;

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
  on incident_fact, observation_fact, episode_fact, red_line_fact to barada_analysis;
