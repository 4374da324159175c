-- Which log this is. Copies of it elsewhere (Kafka, backups) name it, so that they are never taken for another log.
create table log_identity (
  single     boolean primary key default true check (single),
  -- Stays the same for as long as the log exists, in backups and after a restore.
  log        uuid not null default gen_random_uuid(),
  -- A restored log may have other events at positions that copies have seen: it is a new generation.
  generation uuid not null default gen_random_uuid()
);
insert into log_identity default values;
grant select on log_identity to barada_intake, barada_analysis;
grant update (generation) on log_identity to barada_analysis;
