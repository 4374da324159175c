-- How the log is cut into partitions where several processes share a projection, and how far the relay has carried it
-- to them. Without rows: the log is not cut, and each projection has one checkpoint, of partition 0.
create table feed (
  single     boolean     primary key default true check (single),
  -- Grows with every active relay. Who comes with an old one has been relieved and notes nothing.
  epoch      bigint      not null default 0,
  -- Everything up to here is with the broker.
  position   bigint      not null default 0,
  -- When the active relay last gave a sign of life; a stand-by takes over from one that has not for a while.
  renewed_at timestamptz not null default '-infinity'
);
create table feed_partitions (
  partition    int    primary key,
  -- The last position that was sent to it; 0: none yet.
  last         bigint not null default 0,
  -- The one before the batch that `last` was in, and how far everything had been carried then: who has the one has the
  -- other. So a partition with a batch on its way does not seem to fall back.
  last_before  bigint not null default 0,
  whole_before bigint not null default 0
);
grant select on feed, feed_partitions to barada_intake;
grant select, insert, update, delete on feed, feed_partitions to barada_analysis;

alter table checkpoints
  add column partition int not null default 0,
  drop constraint checkpoints_pkey,
  add primary key (projection, partition);

-- Up to where the rows of each projection are whole. A partition that has all that was sent to it has all of the log up
-- to where the relay has come; the projection is whole up to where the last of its partitions is.
create view followers as
select projection, min(reach) as position, max(generation) as generation,
  -- Of the partition that holds it up.
  (array_agg(moved_at order by reach, moved_at desc))[1] as moved_at
from (
  select c.projection, c.generation, c.moved_at,
    case
      when c.position >= p.last then greatest(c.position, f.position)
      when c.position >= p.last_before then greatest(c.position, p.whole_before)
      else c.position
    end as reach
  from checkpoints c
  left join feed_partitions p on p.partition = c.partition
  left join feed f on true
  where c.projection not like '%@%' -- versions beside the one that is read
) as partitions
group by projection;
grant select on followers to barada_intake, barada_analysis;
