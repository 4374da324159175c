-- Who wants to be told, and what became of the telling. Rows, not events: they concern nobody but their owner.
create table subscription (
  id                 uuid primary key,
  -- Pseudonym of the token's handle.
  owner              text not null,
  -- Keyed digest of the first request's content: tells a repeat from a reused id.
  fingerprint        text not null,
  version            integer not null default 1,
  url                text not null,
  filter             jsonb not null,
  created_at         timestamptz not null,
  -- Alerts up to this log position have their delivery rows.
  cursor             bigint not null,
  -- When the receiver agreed to be called; null: pending.
  confirmed_at       timestamptz,
  handshake_attempts integer not null default 0,
  handshake_next_at  timestamptz not null,
  handshake_error    text,
  paused_because     text check (paused_because in ('asked', 'gone', 'failing')),
  -- Since when nothing has got through; null while all is well.
  failing_since      timestamptz,
  -- Whether anything signed has ever reached it: until then the secret may be told again.
  told               boolean not null default false,
  -- The worker that is calling it now, and until when it may be thought alive.
  lease              uuid,
  leased_until       timestamptz
);
create index subscription_by_owner on subscription (owner, created_at, id);

-- Apart from the subscription, so that no list and no log line can carry one by mistake.
create table subscription_secret (
  id           bigint generated always as identity primary key,
  subscription uuid not null references subscription on delete cascade,
  secret       text not null,
  -- Null: the one in use. An earlier one signs along until then.
  expires_at   timestamptz
);
create index subscription_secret_by_subscription on subscription_secret (subscription, id);

create table delivery (
  subscription    uuid not null references subscription on delete cascade,
  -- The alert's; no foreign key, for a rebuild empties and refills that table.
  position        bigint not null,
  state           text not null check (state in ('waiting', 'delivered')),
  attempts        integer not null default 0,
  created_at      timestamptz not null,
  next_attempt_at timestamptz,
  delivered_at    timestamptz,
  last_status     integer,
  last_error      text,
  primary key (subscription, position)
);
create index delivery_waiting on delivery (subscription, position) where state = 'waiting';
create index delivery_done on delivery (delivered_at) where state = 'delivered';

grant select, insert, update, delete on subscription, subscription_secret, delivery to barada_analysis;
