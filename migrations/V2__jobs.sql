-- The table of db-scheduler, in our schema. A row is a job that has not succeeded yet.
create table latchkey.scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures integer,
  last_heartbeat timestamptz,
  version bigint not null,
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on latchkey.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on latchkey.scheduled_tasks (last_heartbeat);
