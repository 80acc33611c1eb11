CREATE INDEX "rejects_by_source" ON "llamacloud_sync"."rejects" USING btree ("source","last_seen_at");
--> statement-breakpoint
-- I14: what readers wait for. The view before what it reads, as a query locks them.
LOCK TABLE llamacloud.sync_freshness, llamacloud_sync.sources, llamacloud_sync.spans IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "page_size" integer;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."spans" ADD COLUMN "received" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Readings under way: how many items their pages held is not known, but at most so many.
UPDATE "llamacloud_sync"."spans" SET "received" = "pages" * 100 WHERE "pages" > 0;
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rejects IS 'Items of the API that cannot be stored as a job, whole: the latest, for 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.page_size IS 'How many jobs the latest requests asked for: fewer where jobs are large. Null for SYNC_PAGE_SIZE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.received IS 'Items on those pages.';
