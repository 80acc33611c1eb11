CREATE INDEX CONCURRENTLY "classify_jobs_to_review" ON "llamacloud"."classify_jobs" USING btree ("created_at" DESC NULLS LAST,(case when result_type is null then 0 else result_confidence end)) WHERE status = 'COMPLETED' and deleted_at is null;
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."settings" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"review_below" double precision NOT NULL,
	CONSTRAINT "settings_one_row" CHECK (is_only),
	CONSTRAINT "settings_review_below" CHECK (review_below > 0 and review_below <= 1)
);
--> statement-breakpoint
CREATE VIEW llamacloud.sync_settings AS
SELECT coalesce((SELECT review_below FROM llamacloud_sync.settings), 0.7) AS review_below;
--> statement-breakpoint
-- Whoever changes the threshold marks the days that were summed up by another, in the same transaction.
CREATE FUNCTION llamacloud_sync.mark_all_days() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	-- Days that are being summed up by the one before are waited for, and others have to wait.
	PERFORM pg_advisory_xact_lock(hashtext('classify_dirty_days'));
	-- One look-up a day in the index, not one for each of its sums.
	WITH RECURSIVE settled AS (
		SELECT min(day) AS day FROM llamacloud_sync.classify_settled_sums
		UNION ALL
		SELECT (SELECT min(sums.day) FROM llamacloud_sync.classify_settled_sums AS sums WHERE sums.day > settled.day)
		FROM settled WHERE settled.day IS NOT NULL
	)
	INSERT INTO llamacloud_sync.classify_dirty_days (day) SELECT day FROM settled WHERE day IS NOT NULL;
	RETURN null;
END $$;
--> statement-breakpoint
CREATE TRIGGER mark_all_days AFTER INSERT OR UPDATE OR DELETE ON llamacloud_sync.settings
FOR EACH ROW EXECUTE FUNCTION llamacloud_sync.mark_all_days();
--> statement-breakpoint
-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.classify_review_queue, llamacloud_sync.classify_sums, llamacloud.classify_jobs IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
DROP INDEX "llamacloud"."classify_jobs_review_queue";
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud_sync.classify_sums AS
SELECT
	detail.created_day AS day,
	detail.source,
	detail.project_id,
	detail.configuration_id,
	detail.configuration_hash,
	detail.outcome,
	detail.result_type,
	count(*) AS jobs,
	count(*) FILTER (WHERE detail.result_confidence < (SELECT review_below FROM llamacloud.sync_settings)) AS low_confidence_jobs,
	count(detail.result_confidence) AS confidence_jobs,
	sum(detail.result_confidence) AS confidence_sum,
	count(detail.duration_seconds) AS duration_jobs,
	sum(detail.duration_seconds) AS duration_sum,
	min(detail.created_at) AS first_job_at,
	max(detail.created_at) AS last_job_at
FROM llamacloud.classify_job_details AS detail
GROUP BY
	detail.created_day, detail.source, detail.project_id, detail.configuration_id, detail.configuration_hash, detail.outcome,
	detail.result_type;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_review_queue AS
SELECT
	job.id,
	job.source,
	job.project_id,
	CASE WHEN job.result_type IS NULL THEN 'unmatched' ELSE 'low confidence' END AS reason,
	job.result_type,
	job.result_confidence,
	job.result_reasoning,
	job.document_input_type,
	job.file_input,
	job.configuration_id,
	job.configuration_hash,
	job.created_at,
	job.updated_at
FROM llamacloud.classify_jobs AS job
WHERE
	job.status = 'COMPLETED'
	AND job.deleted_at IS NULL
	-- The expression of the index. A job that matched no rule is below any threshold.
	AND CASE WHEN job.result_type IS NULL THEN 0 ELSE job.result_confidence END
		< (SELECT review_below FROM llamacloud.sync_settings)
ORDER BY job.created_at DESC NULLS LAST;
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_review_queue IS 'Completed jobs that a person should review, newest first: jobs that matched no rule or have a confidence below sync_settings.review_below (SYNC_REVIEW_BELOW). Jobs deleted upstream are left out.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.low_confidence_jobs IS 'Number of jobs with a confidence below sync_settings.review_below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.low_confidence_jobs IS 'Number of jobs with a confidence below sync_settings.review_below.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.sync_settings IS 'Settings of the worker that the other views depend on, in one row.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_settings.review_below IS 'Confidence below which a completed job counts as low confidence and is in classify_review_queue (SYNC_REVIEW_BELOW).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.low_confidence_jobs IS 'Number of jobs with a confidence below sync_settings.review_below.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.settings IS 'Settings of the worker that the views depend on. No row until one was set: see sync_settings.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.settings.is_only IS 'Always true: there is at most one row.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.settings.review_below IS 'SYNC_REVIEW_BELOW, as it was last set.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.low_confidence_jobs IS 'Number of jobs with a confidence below sync_settings.review_below.';
