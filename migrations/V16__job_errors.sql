-- Why a job failed last, for `latchkey jobs list`. The queue's own statements name their columns and leave it alone.
alter table latchkey.scheduled_tasks add column last_error text;

-- Twins of a job are found by what it is about.
create index scheduled_tasks_task_data on latchkey.scheduled_tasks using hash (task_data);
