CREATE TABLE "llamacloud"."usage_metrics" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text,
	"project_id" text,
	"day" date,
	"event_type" text,
	"event_aggregation_type" text,
	"event_aggregation_key" text,
	"value" double precision,
	"credits" double precision,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "usage_metrics_day" ON "llamacloud"."usage_metrics" USING btree ("day");--> statement-breakpoint
CREATE INDEX "usage_metrics_key" ON "llamacloud"."usage_metrics" USING hash ("event_aggregation_key");--> statement-breakpoint
COMMENT ON TABLE llamacloud.usage_metrics IS 'Usage of the organization as it is billed, by day and job. Empty unless SYNC_LOOKUPS has usage and LLAMA_CLOUD_ORGANIZATION_ID is set. The latest days may still change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.id IS 'Id of the metric, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.organization_id IS 'Organization that is billed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.project_id IS 'Project that it was used in.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.day IS 'Day of the usage in UTC.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.event_type IS 'What was used, such as pages_parsed or pages_classified.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.event_aggregation_type IS 'Kind of what it was used for, such as pdf.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.event_aggregation_key IS 'What it was used for: the id of a job or of a file.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.value IS 'How much was used, in the unit of event_type.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.credits IS 'Credits billed for it. Null while none are known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.usage_metrics.synced_at IS 'When the row last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.lookup IS 'What is read: projects, configurations, the files that the jobs of a table name, or usage.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.read_until IS 'Of files: synced_at of the last job whose file was asked for. Of usage: the first day to be read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.read_id IS 'Of files: the id of that job. Of usage: how many pages of these days were read, and the token of the next one.';
