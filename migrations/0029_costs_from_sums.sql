-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.job_costs, llamacloud.classify_statistics IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_sums" ADD COLUMN "credits" double precision;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_sums" ADD COLUMN "parse_credits" double precision;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."classify_settled_sums" ADD COLUMN "unbilled_jobs" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- The sums of before know no credits: all days are summed up again. One look-up a day in the index, not one for each sum.
WITH RECURSIVE settled AS (
	SELECT min(day) AS day FROM llamacloud_sync.classify_settled_sums
	UNION ALL
	SELECT (SELECT min(sums.day) FROM llamacloud_sync.classify_settled_sums AS sums WHERE sums.day > settled.day)
	FROM settled WHERE settled.day IS NOT NULL
)
INSERT INTO llamacloud_sync.classify_dirty_days (day) SELECT day FROM settled WHERE day IS NOT NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud_sync.classify_sums AS
SELECT
	job.created_day AS day,
	job.source,
	job.project_id,
	job.configuration_id,
	job.configuration_hash,
	job.outcome,
	job.result_type,
	count(*) AS jobs,
	count(*) FILTER (WHERE job.result_confidence < (SELECT review_below FROM llamacloud.sync_settings)) AS low_confidence_jobs,
	count(job.result_confidence) AS confidence_jobs,
	sum(job.result_confidence) AS confidence_sum,
	count(job.duration_seconds) AS duration_jobs,
	sum(job.duration_seconds) AS duration_sum,
	min(job.created_at) AS first_job_at,
	max(job.created_at) AS last_job_at,
	sum(job.credits) AS credits,
	sum(job.parse_credits) AS parse_credits,
	count(*) FILTER (WHERE job.status = 'COMPLETED' AND job.credits IS NULL) AS unbilled_jobs
FROM (
	-- As in classify_job_details, but for the credits: there a parse job that was given counts as well.
	SELECT
		source, project_id, configuration_id, configuration_hash, status, result_type, result_confidence, created_at, credits,
		parse_credits,
		(created_at AT TIME ZONE 'UTC')::date AS created_day,
		CASE
			WHEN status = 'COMPLETED' AND result_type IS NOT NULL THEN 'matched'
			WHEN status = 'COMPLETED' THEN 'unmatched'
			WHEN status = 'FAILED' THEN 'failed'
			WHEN status = 'CANCELLED' THEN 'cancelled'
			ELSE 'open'
		END AS outcome,
		CASE
			WHEN status IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN extract(epoch FROM updated_at - created_at)::double precision
		END AS duration_seconds
	FROM llamacloud.classify_jobs
) AS job
GROUP BY
	job.created_day, job.source, job.project_id, job.configuration_id, job.configuration_hash, job.outcome, job.result_type;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_statistics AS
SELECT settled.day, settled.source, settled.project_id, settled.configuration_id, settled.configuration_hash, settled.outcome, settled.result_type, settled.jobs, settled.low_confidence_jobs, settled.confidence_jobs, settled.confidence_sum, settled.duration_jobs, settled.duration_sum, settled.first_job_at, settled.last_job_at, CASE WHEN settled.outcome = 'matched' THEN settled.result_type ELSE settled.outcome END AS result_label, settled.credits, settled.parse_credits, settled.unbilled_jobs
FROM llamacloud_sync.classify_settled_sums AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, live.configuration_id, live.configuration_hash, live.outcome, live.result_type, live.jobs, live.low_confidence_jobs, live.confidence_jobs, live.confidence_sum, live.duration_jobs, live.duration_sum, live.first_job_at, live.last_job_at, CASE WHEN live.outcome = 'matched' THEN live.result_type ELSE live.outcome END AS result_label, live.credits, live.parse_credits, live.unbilled_jobs
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_sums AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.configuration_id, timeless.configuration_hash, timeless.outcome, timeless.result_type, timeless.jobs, timeless.low_confidence_jobs, timeless.confidence_jobs, timeless.confidence_sum, timeless.duration_jobs, timeless.duration_sum, timeless.first_job_at, timeless.last_job_at, CASE WHEN timeless.outcome = 'matched' THEN timeless.result_type ELSE timeless.outcome END AS result_label, timeless.credits, timeless.parse_credits, timeless.unbilled_jobs
FROM llamacloud_sync.classify_sums AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.job_costs AS
SELECT
	cost.day,
	cost.list,
	cost.project_id,
	project.name AS project_name,
	cost.configuration_id,
	saved.name AS configuration_name,
	cost.jobs,
	cost.credits,
	cost.parse_credits,
	cost.unbilled_jobs
FROM (
	SELECT
		day, 'classify' AS list, project_id, configuration_id, sum(jobs)::bigint AS jobs, sum(credits) AS credits,
		sum(parse_credits) AS parse_credits, sum(unbilled_jobs)::bigint AS unbilled_jobs
	FROM llamacloud.classify_statistics
	GROUP BY 1, 3, 4
	UNION ALL
	SELECT
		(created_at AT TIME ZONE 'UTC')::date AS day, 'parse' AS list, project_id, NULL::text AS configuration_id,
		count(*) AS jobs, sum(credits) AS credits, sum(credits) AS parse_credits,
		count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
	FROM llamacloud.parse_jobs
	GROUP BY 1, 3, 4
	UNION ALL
	SELECT
		(created_at AT TIME ZONE 'UTC')::date AS day, 'extract' AS list, project_id, configuration_id AS configuration_id,
		count(*) AS jobs, sum(credits) AS credits, sum(parse_credits) AS parse_credits,
		count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
	FROM llamacloud.extract_jobs
	GROUP BY 1, 3, 4
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
