-- A publication of all tables refuses to delete from one that has neither a key nor this.
LOCK TABLE llamacloud_sync.classify_dirty_days, llamacloud_sync.classify_settled_days, llamacloud_sync.classify_settled_errors, llamacloud_sync.classify_settled_spreads, llamacloud_sync.classify_settled_sums, llamacloud_sync.extract_dirty_days, llamacloud_sync.extract_settled_costs, llamacloud_sync.parse_dirty_days, llamacloud_sync.parse_settled_costs IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_dirty_days" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_days" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_errors" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_spreads" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_sums" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."extract_dirty_days" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."extract_settled_costs" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."parse_dirty_days" REPLICA IDENTITY FULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."parse_settled_costs" REPLICA IDENTITY FULL;
