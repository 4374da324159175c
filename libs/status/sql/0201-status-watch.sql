-- How far the status watch has looked: up to which instant everything due was announced. One row.
create table status_watch (
  one           boolean primary key default true check (one),
  watched_until timestamptz not null,
  position      bigint not null
);

grant select, insert, update on status_watch to barada_analysis;
