-- The indexes first: readers go on while they are built.
CREATE INDEX CONCURRENTLY "classify_job_changes_observed_at" ON "llamacloud"."classify_job_changes" USING btree ("observed_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "classify_jobs_synced_at" ON "llamacloud"."classify_jobs" USING btree ("synced_at");
--> statement-breakpoint
-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.sync_freshness, llamacloud_sync.sources, llamacloud.classify_job_changes IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "settled_until" timestamp with time zone DEFAULT clock_timestamp() NOT NULL;
--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_job_changes" ADD COLUMN "event" text DEFAULT 'changed' NOT NULL;
--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_job_changes" ADD COLUMN "from_result_confidence" double precision;
--> statement-breakpoint
ALTER TABLE "llamacloud"."classify_job_changes" ADD COLUMN "to_result_confidence" double precision;
--> statement-breakpoint
-- An older worker says nothing of what it has on its way: whatever it still commits would come before what is settled.
UPDATE llamacloud_sync.sources SET lease_owner = null, lease_expires_at = null, fence = fence + 1 WHERE lease_owner IS NOT NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.sync_freshness AS
SELECT
	source.name AS source,
	source.project_id,
	source.covered_from,
	source.watermark,
	-- greatest(0, null) would be 0.
	extract(epoch FROM CASE
		WHEN source.head_read_at < now() THEN now() - source.head_read_at
		WHEN source.head_read_at IS NOT NULL THEN interval '0'
	END)::double precision AS lag_seconds,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.seen_at IS NOT NULL AND recheck.gone_at IS NULL
	) AS open_jobs,
	(SELECT count(*) FROM llamacloud_sync.rejects AS reject WHERE reject.source = source.name) AS rejects,
	source.last_success_at,
	(
		SELECT CASE WHEN count(*) = count(span.read_at) THEN min(span.read_at) END
		FROM llamacloud_sync.spans AS span WHERE span.source = source.name
	) AS last_reconcile_at,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.missed_at IS NOT NULL AND recheck.gone_at IS NULL
	) AS held_jobs,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.reason IS NOT NULL
	) + (
		SELECT count(*) FROM llamacloud_sync.spans AS span
		WHERE span.source = source.name AND span.reason IS NOT NULL
	) AS quarantined,
	source.dark_since,
	source.settled_until
FROM llamacloud_sync.sources AS source;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.id IS 'Number of the change. For those that are new go by observed_at, as told at sync_freshness.settled_until.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.event IS 'changed, deleted (found to be gone upstream) or returned (shown again after that).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.from_result_confidence IS 'Confidence before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.to_result_confidence IS 'Confidence after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.settled_until IS 'Every row and change with an earlier synced_at or observed_at is there, and none will be added. Take the least of all sources.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.settled_until IS 'What was observed before this is committed, and nothing observed earlier will be.';
