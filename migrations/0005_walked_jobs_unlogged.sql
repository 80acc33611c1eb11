-- Two rows of write-ahead log for every job of a reconcile were most of its work. The walk notices when a crash emptied it.
ALTER TABLE llamacloud_sync.walked_jobs SET UNLOGGED;--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.walked_jobs IS 'Ids of the jobs that the walk of a reconcile has come by. Unlogged: a crash of the server empties it, and the walk begins again.';
