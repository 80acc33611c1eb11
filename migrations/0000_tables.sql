-- CREATE SCHEMA IF NOT EXISTS would want the right to create one even where it exists.
DO $$ BEGIN
	IF to_regnamespace('llamacloud_sync') IS NULL THEN
		CREATE SCHEMA llamacloud_sync;
	END IF;
END $$;
--> statement-breakpoint
-- CREATE SCHEMA IF NOT EXISTS would want the right to create one even where it exists.
DO $$ BEGIN
	IF to_regnamespace('llamacloud') IS NULL THEN
		CREATE SCHEMA llamacloud;
		COMMENT ON SCHEMA llamacloud IS 'LlamaCloud jobs, kept equal to the API by llamacloud-sync. For people and BI tools.';
	END IF;
END $$;
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."open_jobs" (
	"job_id" text NOT NULL,
	"source" text NOT NULL,
	"next_check_at" timestamp with time zone NOT NULL,
	"misses" integer DEFAULT 0 NOT NULL,
	"missed_in_run" bigint,
	CONSTRAINT "open_jobs_source_job_id_pk" PRIMARY KEY("source","job_id")
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."rejects" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud_sync"."rejects_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"reason" text NOT NULL,
	"payload" text NOT NULL,
	"fingerprint" text NOT NULL,
	"times_seen" integer DEFAULT 1 NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rejects_fingerprint" UNIQUE("source","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."runs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud_sync"."runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"outcome" text NOT NULL,
	"requests" integer DEFAULT 0 NOT NULL,
	"retries" integer DEFAULT 0 NOT NULL,
	"pages" integer DEFAULT 0 NOT NULL,
	"received" integer DEFAULT 0 NOT NULL,
	"inserted" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"stale" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"deletions" integer DEFAULT 0 NOT NULL,
	"repairs" integer DEFAULT 0 NOT NULL,
	"watermark_before" timestamp with time zone,
	"watermark_after" timestamp with time zone,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."sources" (
	"name" text PRIMARY KEY NOT NULL,
	"base_url" text NOT NULL,
	"project_id" text,
	"organization_id" text,
	"configuration_id" text,
	"covered_from" timestamp with time zone,
	"watermark" timestamp with time zone,
	"lease_owner" text,
	"lease_expires_at" timestamp with time zone,
	"fence" bigint DEFAULT 0 NOT NULL,
	"last_success_at" timestamp with time zone,
	"last_reconcile_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."walked_jobs" (
	"source" text NOT NULL,
	"job_id" text NOT NULL,
	CONSTRAINT "walked_jobs_source_job_id_pk" PRIMARY KEY("source","job_id")
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."walks" (
	"source" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"page_token" text,
	"pages" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."windows" (
	"source" text NOT NULL,
	"kind" text NOT NULL,
	"lower" timestamp with time zone NOT NULL,
	"upper" timestamp with time zone NOT NULL,
	"reach" timestamp with time zone,
	"page_token" text,
	"pages" integer NOT NULL,
	"drained" boolean NOT NULL,
	CONSTRAINT "windows_source_kind_lower_upper_pk" PRIMARY KEY("source","kind","lower","upper")
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."classify_configurations" (
	"hash" text PRIMARY KEY NOT NULL,
	"mode" text,
	"lang" text,
	"max_pages" integer,
	"target_pages" text,
	"rule_count" integer,
	"document" jsonb NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."classify_job_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud"."classify_job_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"from_status" text,
	"to_status" text,
	"from_result_type" text,
	"to_result_type" text,
	"from_updated_at" timestamp with time zone,
	"to_updated_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."classify_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"user_id" text,
	"status" text,
	"document_input_type" text,
	"file_input" text,
	"parse_job_id" text,
	"transaction_id" text,
	"configuration_id" text,
	"configuration_hash" text,
	"error_message" text,
	"result_type" text,
	"result_confidence" double precision,
	"result_reasoning" text,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"extra" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."classify_rules" (
	"configuration_hash" text NOT NULL,
	"position" integer NOT NULL,
	"type" text,
	"description" text,
	CONSTRAINT "classify_rules_configuration_hash_position_pk" PRIMARY KEY("configuration_hash","position")
);
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."open_jobs" ADD CONSTRAINT "open_jobs_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."rejects" ADD CONSTRAINT "rejects_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."runs" ADD CONSTRAINT "runs_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."walked_jobs" ADD CONSTRAINT "walked_jobs_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."walks" ADD CONSTRAINT "walks_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."windows" ADD CONSTRAINT "windows_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_job_changes" ADD CONSTRAINT "classify_job_changes_job_id_classify_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "llamacloud"."classify_jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_jobs" ADD CONSTRAINT "classify_jobs_configuration_hash_classify_configurations_hash_fk" FOREIGN KEY ("configuration_hash") REFERENCES "llamacloud"."classify_configurations"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_rules" ADD CONSTRAINT "classify_rules_configuration_hash_classify_configurations_hash_fk" FOREIGN KEY ("configuration_hash") REFERENCES "llamacloud"."classify_configurations"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "open_jobs_due" ON "llamacloud_sync"."open_jobs" USING btree ("source","next_check_at");--> statement-breakpoint
CREATE INDEX "runs_by_source" ON "llamacloud_sync"."runs" USING btree ("source","started_at");--> statement-breakpoint
CREATE INDEX "classify_job_changes_job_id" ON "llamacloud"."classify_job_changes" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "classify_jobs_created_at" ON "llamacloud"."classify_jobs" USING btree ("created_at");