-- Two rows of write-ahead log for every job of a reconcile were most of its work. The walk notices when a crash emptied it.
-- A table of a publication cannot be unlogged: it stays as it is, since a later migration drops it.
DO $$ BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication_rel WHERE prrelid = 'llamacloud_sync.walked_jobs'::regclass) THEN
		ALTER TABLE llamacloud_sync.walked_jobs SET UNLOGGED;
	END IF;
END $$;--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.walked_jobs IS 'Ids of the jobs that the walk of a reconcile has come by. Unlogged: a crash of the server empties it, and the walk begins again.';
