CREATE TABLE "llamacloud"."batch_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud"."batch_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"event" text DEFAULT 'changed' NOT NULL,
	"from_status" text,
	"to_status" text,
	"from_updated_at" timestamp with time zone,
	"to_updated_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."batches" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"status" text,
	"source_directory_id" text,
	"job_type" text,
	"configuration_id" text,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"extra" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "llamacloud"."batch_changes" ADD CONSTRAINT "batch_changes_job_id_batches_id_fk" FOREIGN KEY ("job_id") REFERENCES "llamacloud"."batches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "batch_changes_job_id" ON "llamacloud"."batch_changes" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "batch_changes_observed_at" ON "llamacloud"."batch_changes" USING btree ("observed_at");--> statement-breakpoint
CREATE INDEX "batches_created_at" ON "llamacloud"."batches" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "batches_synced_at" ON "llamacloud"."batches" USING btree ("synced_at");--> statement-breakpoint
CREATE INDEX "batches_of_project" ON "llamacloud"."batches" USING btree ("project_id","created_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "batches_of_no_project" ON "llamacloud"."batches" USING btree ("source","created_at") WHERE deleted_at is null and nullif(project_id, '') is null;--> statement-breakpoint
CREATE INDEX "batches_gone" ON "llamacloud"."batches" USING btree ("source","created_at") WHERE deleted_at is not null;
--> statement-breakpoint
COMMENT ON TABLE llamacloud.batch_changes IS 'One row for each change of a batch that was observed after it was first stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.id IS 'Number of the change. For those that are new go by observed_at, as told at sync_freshness.settled_until.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.job_id IS 'The job that changed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.observed_at IS 'When the change was observed. It happened at some moment since the observation before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.event IS 'changed, deleted (found to be gone upstream) or returned (shown again after that).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.from_status IS 'Status before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.to_status IS 'Status after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.from_updated_at IS 'updated_at before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.to_updated_at IS 'updated_at after.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.batches IS 'Batches of LlamaCloud, one row a batch, kept equal to the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.id IS 'Id of the batch, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.project_id IS 'Project that the batch belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.status IS 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.source_directory_id IS 'Directory whose files the batch goes through.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.job_type IS 'What is done with each file: parse_v2 or extract_v2.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.configuration_id IS 'Configuration that the jobs of the batch run with.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.created_at IS 'When the batch was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.updated_at IS 'When the batch last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.extra IS 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
