-- I14: what readers wait for.
LOCK TABLE llamacloud.classify_jobs IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."lookups" (
	"source" text NOT NULL,
	"lookup" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"reason" text,
	"read_until" timestamp with time zone,
	"read_id" text,
	CONSTRAINT "lookups_source_lookup_pk" PRIMARY KEY("source","lookup")
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."files" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"file_type" text,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."projects" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"organization_id" text,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."saved_configurations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"version" text,
	"product_type" text,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_jobs" ADD COLUMN "credits" double precision;--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_jobs" ADD COLUMN "parse_credits" double precision;--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."lookups" ADD CONSTRAINT "lookups_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;