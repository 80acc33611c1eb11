-- A9: a job has ended in COMPLETED as in completed, by the letters of ASCII: in a Turkish database upper('failed') is 'FAİLED'.
-- The index first: readers go on while it is built.
CREATE INDEX CONCURRENTLY "classify_jobs_to_review_any_case" ON "llamacloud"."classify_jobs" USING btree ("created_at" DESC NULLS LAST,(case when result_type is null then 0 else result_confidence end)) WHERE upper(status collate "C") = 'COMPLETED' and deleted_at is null;
--> statement-breakpoint
-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE
	llamacloud.classify_job_history,
	llamacloud.classify_review_queue,
	llamacloud.classify_type_costs,
	llamacloud_sync.classify_sums,
	llamacloud_sync.classify_errors,
	llamacloud.classify_job_details,
	llamacloud.split_job_details,
	llamacloud.extract_job_details,
	llamacloud.parse_job_details,
	llamacloud_sync.parse_costs,
	llamacloud_sync.extract_costs
	IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
DROP INDEX "llamacloud"."classify_jobs_to_review";
--> statement-breakpoint
ALTER INDEX "llamacloud"."classify_jobs_to_review_any_case" RENAME TO "classify_jobs_to_review";
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
	upper(job.status COLLATE "C") = 'COMPLETED'
	AND job.deleted_at IS NULL
	-- The expression of the index. A job that matched no rule is below any threshold.
	AND CASE WHEN job.result_type IS NULL THEN 0 ELSE job.result_confidence END
		< (SELECT review_below FROM llamacloud.sync_settings)
ORDER BY job.created_at DESC NULLS LAST;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_type_costs AS
SELECT
	cost.day,
	cost.project_id,
	project.name AS project_name,
	cost.configuration_id,
	saved.name AS configuration_name,
	cost.result_type,
	cost.result_label,
	cost.jobs,
	cost.billed_jobs,
	cost.unbilled_jobs,
	cost.credits,
	cost.parse_credits,
	cost.total_credits,
	cost.total_credits / nullif(cost.billed_jobs, 0) AS credits_per_job
FROM (
	SELECT
		(job.created_at AT TIME ZONE 'UTC')::date AS day,
		job.project_id,
		job.configuration_id,
		job.result_type,
		CASE upper(job.status COLLATE "C")
			WHEN 'COMPLETED' THEN coalesce(job.result_type, 'unmatched')
			WHEN 'FAILED' THEN 'failed'
			WHEN 'CANCELLED' THEN 'cancelled'
			ELSE 'open'
		END AS result_label,
		count(*) AS jobs,
		count(job.credits) AS billed_jobs,
		count(*) FILTER (WHERE upper(job.status COLLATE "C") = 'COMPLETED' AND job.credits IS NULL) AS unbilled_jobs,
		sum(job.credits) AS credits,
		sum(coalesce(nullif(job.parse_credits, 0), parse.credits, job.parse_credits)) FILTER (WHERE job.credits IS NOT NULL)
			AS parse_credits,
		-- 0 says that the caller brought the parse job: its credits are not among those of this one.
		sum(job.credits + CASE WHEN job.parse_credits = 0 THEN coalesce(parse.credits, 0) ELSE 0 END) AS total_credits
	FROM llamacloud.classify_jobs AS job
	LEFT JOIN llamacloud.parse_jobs AS parse
		ON parse.id = coalesce(job.parse_job_id, CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END)
	GROUP BY 1, 2, 3, 4, 5
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
-- Of a time without a number, which somebody made, there is no duration: sums and percentiles could not take it.
CREATE OR REPLACE VIEW llamacloud.classify_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.user_id,
	job.status,
	CASE upper(job.status COLLATE "C")
		WHEN 'COMPLETED' THEN CASE WHEN job.result_type IS NULL THEN 'unmatched' ELSE 'matched' END
		WHEN 'FAILED' THEN 'failed'
		WHEN 'CANCELLED' THEN 'cancelled'
		ELSE 'open'
	END AS outcome,
	job.result_type,
	job.result_confidence,
	job.result_reasoning,
	job.error_message,
	job.created_at,
	job.updated_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN
			upper(job.status COLLATE "C") IN ('COMPLETED', 'FAILED', 'CANCELLED')
			AND isfinite(job.created_at)
			AND isfinite(job.updated_at)
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.document_input_type,
	job.file_input,
	job.parse_job_id,
	job.transaction_id,
	job.configuration_id,
	job.configuration_hash,
	configuration.mode AS configuration_mode,
	configuration.lang AS configuration_lang,
	configuration.max_pages AS configuration_max_pages,
	configuration.target_pages AS configuration_target_pages,
	configuration.rule_count AS configuration_rule_count,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	job.deleted_at IS NOT NULL AS is_deleted,
	-- Null never stands for a meaning.
	CASE upper(job.status COLLATE "C")
		WHEN 'COMPLETED' THEN coalesce(job.result_type, 'unmatched')
		WHEN 'FAILED' THEN 'failed'
		WHEN 'CANCELLED' THEN 'cancelled'
		ELSE 'open'
	END AS result_label,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name,
	parse.tier AS parse_tier,
	job.credits,
	-- Of a parse job that the caller brought, no credits are billed for this one.
	coalesce(nullif(job.parse_credits, 0), parse.credits, job.parse_credits) AS parse_credits
FROM llamacloud.classify_jobs AS job
LEFT JOIN llamacloud.classify_configurations AS configuration ON configuration.hash = job.configuration_hash
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input
LEFT JOIN llamacloud.parse_jobs AS parse
	ON parse.id = coalesce(job.parse_job_id, CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END);
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.parse_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.name,
	job.status,
	job.tier,
	job.error_message,
	job.user_metadata,
	job.credits,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN
			upper(job.status COLLATE "C") IN ('COMPLETED', 'FAILED', 'CANCELLED')
			AND isfinite(job.created_at)
			AND isfinite(job.updated_at)
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name
FROM llamacloud.parse_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.extract_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.status,
	job.file_input,
	job.configuration_id,
	job.configuration_hash,
	job.parse_job_id,
	job.parse_tier,
	job.metadata,
	job.error_message,
	job.credits,
	job.extract_credits,
	job.parse_credits,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN
			upper(job.status COLLATE "C") IN ('COMPLETED', 'FAILED', 'CANCELLED')
			AND isfinite(job.created_at)
			AND isfinite(job.updated_at)
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name
FROM llamacloud.extract_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.split_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.user_id,
	job.status,
	job.document_input_type,
	job.file_input,
	job.transaction_id,
	job.configuration_id,
	job.categories,
	job.splitting_strategy,
	job.error_message,
	job.segments,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN
			upper(job.status COLLATE "C") IN ('COMPLETED', 'FAILED', 'CANCELLED')
			AND isfinite(job.created_at)
			AND isfinite(job.updated_at)
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name,
	parse.tier AS parse_tier
FROM llamacloud.split_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input
LEFT JOIN llamacloud.parse_jobs AS parse ON parse.id = CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END;
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
	count(*) FILTER (WHERE upper(job.status COLLATE "C") = 'COMPLETED' AND job.credits IS NULL) AS unbilled_jobs
FROM (
	-- As in classify_job_details, but for the credits: there a parse job that was given counts as well.
	SELECT
		source, project_id, configuration_id, configuration_hash, status, result_type, result_confidence, created_at, credits,
		parse_credits,
		(created_at AT TIME ZONE 'UTC')::date AS created_day,
		CASE upper(status COLLATE "C")
			WHEN 'COMPLETED' THEN CASE WHEN result_type IS NULL THEN 'unmatched' ELSE 'matched' END
			WHEN 'FAILED' THEN 'failed'
			WHEN 'CANCELLED' THEN 'cancelled'
			ELSE 'open'
		END AS outcome,
		CASE
			WHEN
				upper(status COLLATE "C") IN ('COMPLETED', 'FAILED', 'CANCELLED')
				AND isfinite(created_at)
				AND isfinite(updated_at)
				THEN extract(epoch FROM updated_at - created_at)::double precision
		END AS duration_seconds
	FROM llamacloud.classify_jobs
) AS job
GROUP BY
	job.created_day, job.source, job.project_id, job.configuration_id, job.configuration_hash, job.outcome, job.result_type;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud_sync.classify_errors AS
SELECT
	failure.day,
	failure.source,
	failure.project_id,
	failure.configuration_id,
	failure.configuration_hash,
	failure.error,
	count(*) AS jobs,
	min(failure.created_at) AS first_job_at,
	max(failure.created_at) AS last_job_at,
	max(failure.id) AS example_job_id
FROM (
	SELECT
		(job.created_at AT TIME ZONE 'UTC')::date AS day,
		job.source,
		job.project_id,
		job.configuration_id,
		job.configuration_hash,
		job.id,
		job.created_at,
		-- Words with a digit in them, and hex digits that happen to be letters only. A message may be a megabyte long.
		regexp_replace(
			left(job.error_message, 500),
			E'[0-9A-Za-z_-]*[0-9](?:[0-9A-Za-z_-]|[.,:][0-9])*|\\m[A-Za-z]*_?[0-9a-fA-F]{8,}\\M',
			'#',
			'g'
		) AS error
	FROM llamacloud.classify_jobs AS job
	WHERE upper(job.status COLLATE "C") = 'FAILED'
) AS failure
GROUP BY failure.day, failure.source, failure.project_id, failure.configuration_id, failure.configuration_hash, failure.error;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud_sync.parse_costs AS
SELECT
	(created_at AT TIME ZONE 'UTC')::date AS day,
	project_id,
	NULL::text AS configuration_id,
	count(*) AS jobs,
	sum(credits) AS credits,
	sum(credits) AS parse_credits,
	count(*) FILTER (WHERE upper(status COLLATE "C") = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
FROM llamacloud.parse_jobs
GROUP BY 1, 2, 3;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud_sync.extract_costs AS
SELECT
	(created_at AT TIME ZONE 'UTC')::date AS day,
	project_id,
	configuration_id AS configuration_id,
	count(*) AS jobs,
	sum(credits) AS credits,
	sum(parse_credits) AS parse_credits,
	count(*) FILTER (WHERE upper(status COLLATE "C") = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
FROM llamacloud.extract_jobs
GROUP BY 1, 2, 3;
--> statement-breakpoint
-- A reply that was slow may be of an earlier time than the one that was stored first, and still tell more. What follows is
-- a change of the first state all the same.
CREATE OR REPLACE VIEW llamacloud.classify_job_history AS
SELECT
	job.id AS job_id,
	least(job.first_seen_at, first.observed_at - interval '1 microsecond') AS observed_at,
	'first seen' AS event,
	CASE WHEN first.id IS NULL THEN job.status ELSE first.from_status END AS status,
	CASE WHEN first.id IS NULL THEN job.result_type ELSE first.from_result_type END AS result_type,
	CASE WHEN first.id IS NULL THEN job.result_confidence ELSE first.from_result_confidence END AS result_confidence,
	CASE WHEN first.id IS NULL THEN job.updated_at ELSE first.from_updated_at END AS updated_at
FROM llamacloud.classify_jobs AS job
LEFT JOIN LATERAL (
	SELECT change.* FROM llamacloud.classify_job_changes AS change
	WHERE change.job_id = job.id
	ORDER BY change.observed_at, change.id
	LIMIT 1
) AS first ON true
UNION ALL
SELECT
	change.job_id,
	change.observed_at,
	change.event,
	change.to_status,
	change.to_result_type,
	change.to_result_confidence,
	change.to_updated_at
FROM llamacloud.classify_job_changes AS change;
--> statement-breakpoint
-- Days with such jobs were summed up with them as open.
INSERT INTO llamacloud_sync.classify_dirty_days (day)
SELECT DISTINCT day FROM llamacloud_sync.classify_settled_sums WHERE outcome = 'open';
--> statement-breakpoint
-- Of these nobody knows which days: all are summed up again. One look-up a day in the index, not one for each sum.
WITH RECURSIVE settled AS (
	SELECT min(day) AS day FROM llamacloud_sync.parse_settled_costs
	UNION ALL
	SELECT (SELECT min(costs.day) FROM llamacloud_sync.parse_settled_costs AS costs WHERE costs.day > settled.day)
	FROM settled WHERE settled.day IS NOT NULL
)
INSERT INTO llamacloud_sync.parse_dirty_days (day) SELECT day FROM settled WHERE day IS NOT NULL;
--> statement-breakpoint
WITH RECURSIVE settled AS (
	SELECT min(day) AS day FROM llamacloud_sync.extract_settled_costs
	UNION ALL
	SELECT (SELECT min(costs.day) FROM llamacloud_sync.extract_settled_costs AS costs WHERE costs.day > settled.day)
	FROM settled WHERE settled.day IS NOT NULL
)
INSERT INTO llamacloud_sync.extract_dirty_days (day) SELECT day FROM settled WHERE day IS NOT NULL;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p95_seconds IS '95th percentile of the time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.changed_at IS 'When the first job that completed with the new configuration was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.finished_jobs IS 'Number of finished jobs (completed, failed or cancelled) whose duration is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_jobs IS 'Number of finished jobs whose duration is known: with created_at and updated_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_sum IS 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p95_seconds IS '95th percentile of the time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.duration_mean_seconds IS 'Mean time from creation to the end of finished jobs, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p95_seconds IS '95th percentile of the time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_jobs IS 'Number of finished jobs whose duration is known: with created_at and updated_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_sum IS 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p95_seconds IS '95th percentile of the time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.result_type IS 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_jobs IS 'Number of finished jobs whose duration is known: with created_at and updated_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_sum IS 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_sla IS 'How many jobs finished in time, by UTC day of creation, source and project. The shares come from a histogram, which counts only a part of the jobs whose duration is within 7.2% of a limit. If there are many, for example because of a time-out of that length, count in classify_job_details.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that matched no rule. Percentiles are accurate to 0.05 of confidence, and to 7.2% of durations from 1 second to 18.2 hours: 65,536 means so long or longer. For a period use classify_type_stats_between.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.observed_at IS 'When this state was first observed. For the first state, never later than the next one.';
