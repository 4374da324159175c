-- How far each projection's rows reach. Written in the transaction that writes the rows.
create table checkpoints (
  projection text   collate "C" primary key,
  position   bigint not null default 0,
  -- Grows with every owner. Who comes with an old one has lost the projection to another and writes nothing.
  epoch      bigint not null default 0
);
grant select on checkpoints to barada_intake;
grant select, insert, update on checkpoints to barada_analysis;
