ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "last_owner" text;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_owner IS 'The worker that last gave the lease back.';
