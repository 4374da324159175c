-- Under which ids an alert's event is found again, in log lines and with its command; null for events of before there
-- were any.
alter table alert add column trail jsonb;
