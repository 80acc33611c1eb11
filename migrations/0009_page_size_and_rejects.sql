ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "page_size" integer;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."spans" ADD COLUMN "received" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "rejects_by_source" ON "llamacloud_sync"."rejects" USING btree ("source","last_seen_at");--> statement-breakpoint
-- Readings under way: how many items their pages held is not known, but at most so many.
UPDATE "llamacloud_sync"."spans" SET "received" = "pages" * 100 WHERE "pages" > 0;
