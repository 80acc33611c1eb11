-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.sync_freshness, llamacloud_sync.sources IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "list" text DEFAULT 'classify' NOT NULL;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.outcome IS 'running, succeeded, degraded (all but what is in quarantine), stopped (the next run goes on), denied (the API does not let the list be read), failed, or abandoned (killed).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.name IS 'Name of the source, as given by SYNC_SOURCE; of another list than classify with its name behind a slash.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.list IS 'The list that is read, as named by SYNC_LISTS. Part of the scope.';
