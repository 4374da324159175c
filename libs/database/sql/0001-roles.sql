-- The two roles that the pools take on. Roles belong to the whole cluster and several databases may be migrated at
-- once, so another migration may make the role between our look and our try: then it is there, which is all we want.
do $$
declare
  wanted text;
  -- A superuser and, up to PostgreSQL 15, every member may take a role on; from 16 on that is a right of its own.
  right_wanted constant text :=
    case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
begin
  foreach wanted in array array['barada_intake', 'barada_analysis'] loop
    begin
      execute format('create role %I nologin', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, wanted, right_wanted) then
      begin
        execute format('grant %I to current_user', wanted);
      exception when unique_violation then null;
      end;
    end if;
    execute format('grant usage on schema public to %I', wanted);
  end loop;
end
$$;
