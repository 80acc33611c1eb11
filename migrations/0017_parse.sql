CREATE TABLE "llamacloud"."parse_job_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud"."parse_job_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"event" text DEFAULT 'changed' NOT NULL,
	"from_status" text,
	"to_status" text,
	"from_updated_at" timestamp with time zone,
	"to_updated_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."parse_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"status" text,
	"name" text,
	"tier" text,
	"user_metadata" jsonb,
	"error_message" text,
	"credits" double precision,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"extra" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "llamacloud"."parse_job_changes" ADD CONSTRAINT "parse_job_changes_job_id_parse_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "llamacloud"."parse_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "parse_job_changes_job_id" ON "llamacloud"."parse_job_changes" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "parse_job_changes_observed_at" ON "llamacloud"."parse_job_changes" USING btree ("observed_at");--> statement-breakpoint
CREATE INDEX "parse_jobs_created_at" ON "llamacloud"."parse_jobs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "parse_jobs_synced_at" ON "llamacloud"."parse_jobs" USING btree ("synced_at");--> statement-breakpoint
CREATE INDEX "parse_jobs_of_project" ON "llamacloud"."parse_jobs" USING btree ("project_id","created_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "parse_jobs_of_no_project" ON "llamacloud"."parse_jobs" USING btree ("source","created_at") WHERE deleted_at is null and nullif(project_id, '') is null;--> statement-breakpoint
CREATE INDEX "parse_jobs_gone" ON "llamacloud"."parse_jobs" USING btree ("source","created_at") WHERE deleted_at is not null;
--> statement-breakpoint
COMMENT ON TABLE llamacloud.parse_job_changes IS 'One row for each change of a parse job that was observed after it was first stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.id IS 'Number of the change. For those that are new go by observed_at, as told at sync_freshness.settled_until.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.job_id IS 'The job that changed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.observed_at IS 'When the change was observed. It happened at some moment since the observation before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.event IS 'changed, deleted (found to be gone upstream) or returned (shown again after that).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.from_status IS 'Status before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.to_status IS 'Status after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.from_updated_at IS 'updated_at before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.to_updated_at IS 'updated_at after.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.parse_jobs IS 'Parse jobs of LlamaCloud, one row a job, kept equal to the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.status IS 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.name IS 'Name that the job was given, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.tier IS 'Tier that the document was parsed in, such as fast or agentic.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.user_metadata IS 'Keys and values that the job was given, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.credits IS 'Credits billed for the job. Null until billing has recorded them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.extra IS 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
