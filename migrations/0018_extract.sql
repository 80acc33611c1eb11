CREATE TABLE "llamacloud"."extract_configurations" (
	"hash" text PRIMARY KEY NOT NULL,
	"document" jsonb NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."extract_job_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud"."extract_job_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"event" text DEFAULT 'changed' NOT NULL,
	"from_status" text,
	"to_status" text,
	"from_updated_at" timestamp with time zone,
	"to_updated_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."extract_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"status" text,
	"file_input" text,
	"configuration_id" text,
	"configuration_hash" text,
	"parse_job_id" text,
	"parse_tier" text,
	"metadata" jsonb,
	"error_message" text,
	"credits" double precision,
	"extract_credits" double precision,
	"parse_credits" double precision,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"extra" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "llamacloud"."extract_job_changes" ADD CONSTRAINT "extract_job_changes_job_id_extract_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "llamacloud"."extract_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud"."extract_jobs" ADD CONSTRAINT "extract_jobs_configuration_hash_extract_configurations_hash_fk" FOREIGN KEY ("configuration_hash") REFERENCES "llamacloud"."extract_configurations"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "extract_job_changes_job_id" ON "llamacloud"."extract_job_changes" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "extract_job_changes_observed_at" ON "llamacloud"."extract_job_changes" USING btree ("observed_at");--> statement-breakpoint
CREATE INDEX "extract_jobs_created_at" ON "llamacloud"."extract_jobs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "extract_jobs_synced_at" ON "llamacloud"."extract_jobs" USING btree ("synced_at");--> statement-breakpoint
CREATE INDEX "extract_jobs_of_project" ON "llamacloud"."extract_jobs" USING btree ("project_id","created_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "extract_jobs_of_no_project" ON "llamacloud"."extract_jobs" USING btree ("source","created_at") WHERE deleted_at is null and nullif(project_id, '') is null;--> statement-breakpoint
CREATE INDEX "extract_jobs_gone" ON "llamacloud"."extract_jobs" USING btree ("source","created_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "extract_jobs_of_configuration" ON "llamacloud"."extract_jobs" USING btree (configuration_id,"created_at") WHERE deleted_at is null and configuration_id is not null;
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_configurations IS 'Distinct configurations that extract jobs ran with. Thousands of jobs share one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_configurations.hash IS 'SHA-256 of the configuration as canonical JSON.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_configurations.document IS 'The whole configuration as received.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_configurations.first_seen_at IS 'When the configuration was first stored here.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_job_changes IS 'One row for each change of an extract job that was observed after it was first stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.id IS 'Number of the change. For those that are new go by observed_at, as told at sync_freshness.settled_until.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.job_id IS 'The job that changed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.observed_at IS 'When the change was observed. It happened at some moment since the observation before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.event IS 'changed, deleted (found to be gone upstream) or returned (shown again after that).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.from_status IS 'Status before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.to_status IS 'Status after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.from_updated_at IS 'updated_at before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.to_updated_at IS 'updated_at after.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_jobs IS 'Extract jobs of LlamaCloud, one row a job, kept equal to the API. What was extracted is not stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.status IS 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.file_input IS 'The document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.configuration_id IS 'Saved configuration that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.configuration_hash IS 'The schema and options that the job ran with: see extract_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_job_id IS 'Parse job that the document came from, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_tier IS 'Tier that the document was parsed in.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.metadata IS 'What else is said of the job, such as its number of pages.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.credits IS 'Credits billed for the job, parsing included. Null until billing has recorded them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.extract_credits IS 'Credits billed for the extraction alone.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_credits IS 'Credits billed for the parse job behind it, which may be behind other jobs as well.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.extra IS 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
