-- The role of processes that append to the log but must not read confidential fields, and a probe for readiness.
do $$
declare
  -- As in 0001-roles.sql.
  right_wanted constant text :=
    case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
begin
  begin
    create role barada_append nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  if not pg_has_role(current_user, 'barada_append', right_wanted) then
    begin
      grant barada_append to current_user;
    exception when unique_violation then null;
    end;
  end if;
end
$$;
grant usage on schema public to barada_append;
grant select on events, log_head to barada_append;
grant execute on function position_at(timestamptz) to barada_append;
grant execute on function append(text, int[], text, int[], int[], text, int[], text, text, int[], text, text) to barada_append;

-- Every process compares the schema with its own version when it starts.
grant select on migrations to barada_intake, barada_append, barada_analysis;

create table write_probe (filler text not null);

-- Writes one page to a new file and so fails where PostgreSQL can no longer write: the disk is full, or the database is
-- read-only. If another process is probing at the same moment, its result is as good.
create function probe_write() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '1s'
as $$
begin
  if pg_try_advisory_xact_lock(7150003) then
    truncate write_probe;
    insert into write_probe (filler) values ('');
  end if;
end
$$;

-- Fails where another session holds the lock that every append needs. It holds that lock for no longer than its commit.
create function probe_append_lock() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
set lock_timeout = '1500ms'
as $$
begin
  perform from log_head for update;
end
$$;

revoke execute on function probe_write(), probe_append_lock() from public;
grant execute on function probe_write() to barada_intake, barada_append, barada_analysis;
grant execute on function probe_append_lock() to barada_intake, barada_append;
