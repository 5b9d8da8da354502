-- Why a job failed last, for `latchkey jobs list`. The queue's own statements name their columns and leave it alone.
alter table latchkey.scheduled_tasks add column last_error text;
