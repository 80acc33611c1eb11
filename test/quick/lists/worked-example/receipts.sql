CREATE TABLE "llamacloud"."receipts" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"status" text,
	"merchant" text,
	"total_amount" double precision,
	"total_currency" text,
	"lines" jsonb,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"extra" jsonb,
	"first_seen_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "llamacloud"."receipt_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "llamacloud"."receipt_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"event" text DEFAULT 'changed' NOT NULL,
	"from_status" text,
	"to_status" text,
	"from_total_amount" double precision,
	"to_total_amount" double precision,
	"from_updated_at" timestamp with time zone,
	"to_updated_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "llamacloud"."receipt_changes" ADD CONSTRAINT "receipt_changes_job_id_receipts_id_fk" FOREIGN KEY ("job_id") REFERENCES "llamacloud"."receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "receipts_created_at" ON "llamacloud"."receipts" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "receipts_synced_at" ON "llamacloud"."receipts" USING btree ("synced_at");--> statement-breakpoint
CREATE INDEX "receipts_of_project" ON "llamacloud"."receipts" USING btree ("project_id","created_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "receipts_of_no_project" ON "llamacloud"."receipts" USING btree ("source","created_at") WHERE deleted_at is null and nullif(project_id, '') is null;--> statement-breakpoint
CREATE INDEX "receipts_gone" ON "llamacloud"."receipts" USING btree ("source","created_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "receipt_changes_job_id" ON "llamacloud"."receipt_changes" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "receipt_changes_observed_at" ON "llamacloud"."receipt_changes" USING btree ("observed_at");
