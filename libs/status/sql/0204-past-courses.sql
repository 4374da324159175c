-- How every region stood in times long past, worked out once: so that nobody needs to read all that ever happened.
-- A cache. It may be emptied at any time, and is then worked out again from the facts.

-- One for each lens, modalities and state of the registers that somebody asked about.
create table past_course (
  id          bigint generated always as identity primary key,
  -- Of the lens, the modalities, the map and the instruments; the actors and organisations that bear on it are named.
  key         text   not null,
  rests_on    json   not null,
  -- Of the facts that it was worked out from, and what was known then.
  generation  bigint not null,
  position    bigint not null,
  -- The instants at which it was cut into chapters, as seconds, in order.
  bounds      json   not null,
  -- Grows with every change: who has worked from an older version writes nothing.
  version     bigint not null default 0
);
create index past_course_key on past_course (key, id);

-- What a region leaves behind at the end of a chapter, and what changed in that chapter. Where there is no row, nothing
-- changed, and the past is the same as at the end of the chapter before.
create table past_chapter (
  course      bigint not null references past_course on delete cascade,
  region      text   not null,
  until_at    bigint not null,
  past        json   not null,
  changes     json   not null,
  primary key (course, region, until_at)
);

grant select, insert, update, delete on past_course, past_chapter to barada_analysis;

-- To read what bears on a span of time: what begins in it, and what began before and lasts long.
create index incident_fact_long on incident_fact (ended_at, started_at) where ended_at - started_at > interval '48 hours';
create index observation_fact_from on observation_fact (from_at, report);
create index observation_fact_long on observation_fact (to_at, from_at) where to_at - from_at > interval '48 hours';
