-- Events that a projection could not fold, and those of the same key that wait behind them, in order.
create table dead_letters (
  projection text        collate "C" not null,
  position   bigint      not null,
  key        text        collate "C" not null,
  -- Why it could not be folded; null for what only waits behind.
  error      text,
  since      timestamptz not null default clock_timestamp(),
  primary key (projection, position)
);
create index dead_letters_of_key on dead_letters (projection, key, position);

-- What somebody has decided to leave out for good. A rebuild leaves it out too.
create table dropped_letters (
  projection text        collate "C" not null,
  position   bigint      not null,
  key        text        collate "C" not null,
  error      text,
  since      timestamptz not null,
  dropped_at timestamptz not null default clock_timestamp(),
  dropped_by text        not null,
  primary key (projection, position)
);

alter table checkpoints
  -- Grows whenever rows at or behind the position were written anew: who keeps a copy of the rows reads them again.
  add column generation bigint      not null default 1,
  -- When the position last moved, by the clock that also stamps the events.
  add column moved_at   timestamptz not null default clock_timestamp(),
  -- How many keys have dead letters.
  add column parked     int         not null default 0;

grant select, insert, update, delete on dead_letters to barada_analysis;
grant select, insert on dropped_letters to barada_analysis;
grant delete on checkpoints to barada_analysis;
