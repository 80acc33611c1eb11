CREATE TABLE "llamacloud_sync"."credit_checks" (
	"source" text NOT NULL,
	"job_id" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "credit_checks_source_job_id_pk" PRIMARY KEY("source","job_id")
);
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."credit_checks" ADD CONSTRAINT "credit_checks_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
CREATE INDEX "credit_checks_due" ON "llamacloud_sync"."credit_checks" USING btree ("source","due_at");--> statement-breakpoint
CREATE INDEX CONCURRENTLY "extract_jobs_created_day" ON "llamacloud"."extract_jobs" USING btree ((("created_at" at time zone 'UTC')::date));--> statement-breakpoint
CREATE INDEX CONCURRENTLY "parse_jobs_created_day" ON "llamacloud"."parse_jobs" USING btree ((("created_at" at time zone 'UTC')::date));
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.credit_checks IS 'Finished jobs to be asked for their credits, one request each (SYNC_CREDITS).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.credit_checks.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.credit_checks.job_id IS 'Id of the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.credit_checks.due_at IS 'When it is due to be asked for, by the clock of this database. Infinity means no more.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.credit_checks.failures IS 'Number of consecutive requests for it that failed.';
