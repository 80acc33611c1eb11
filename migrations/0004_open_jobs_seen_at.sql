ALTER TABLE "llamacloud_sync"."open_jobs" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.seen_at IS 'When the API last showed it, by the clock of the API; null when it is only looked for.';
