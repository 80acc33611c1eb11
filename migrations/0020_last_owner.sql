-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.sync_freshness, llamacloud_sync.sources IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "last_owner" text;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_owner IS 'The worker that last gave the lease back.';
