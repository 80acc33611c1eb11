-- Readers build views of their own on these. So a later migration may only `create or replace` one, with the columns it
-- has, in their order and types, and new ones behind them; never drop one.
CREATE VIEW llamacloud.classify_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.user_id,
	job.status,
	CASE
		WHEN job.deleted_at IS NOT NULL THEN 'deleted'
		WHEN job.status = 'COMPLETED' AND job.result_type IS NOT NULL THEN 'matched'
		WHEN job.status = 'COMPLETED' THEN 'unmatched'
		WHEN job.status = 'FAILED' THEN 'failed'
		WHEN job.status = 'CANCELLED' THEN 'cancelled'
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
		WHEN job.status IN ('COMPLETED', 'FAILED', 'CANCELLED')
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
	job.deleted_at
FROM llamacloud.classify_jobs AS job
LEFT JOIN llamacloud.classify_configurations AS configuration ON configuration.hash = job.configuration_hash;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_daily AS
SELECT
	detail.created_day AS day,
	detail.project_id,
	detail.outcome,
	detail.result_type,
	count(*) AS jobs,
	avg(detail.result_confidence) AS confidence_mean,
	percentile_cont(0.1) WITHIN GROUP (ORDER BY detail.result_confidence) AS confidence_p10,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY detail.result_confidence) AS confidence_p50,
	avg(detail.duration_seconds) AS duration_mean_seconds,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY detail.duration_seconds) AS duration_p50_seconds,
	percentile_cont(0.95) WITHIN GROUP (ORDER BY detail.duration_seconds) AS duration_p95_seconds
FROM llamacloud.classify_job_details AS detail
WHERE detail.deleted_at IS NULL
GROUP BY detail.created_day, detail.project_id, detail.outcome, detail.result_type;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_type_stats AS
SELECT
	detail.result_type,
	count(*) AS jobs,
	(count(*) / sum(count(*)) OVER ())::double precision AS share,
	count(*) FILTER (WHERE detail.result_confidence < 0.7) AS low_confidence_jobs,
	avg(detail.result_confidence) AS confidence_mean,
	percentile_cont(0.1) WITHIN GROUP (ORDER BY detail.result_confidence) AS confidence_p10,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY detail.result_confidence) AS confidence_p50,
	percentile_cont(0.9) WITHIN GROUP (ORDER BY detail.result_confidence) AS confidence_p90,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY detail.duration_seconds) AS duration_p50_seconds,
	percentile_cont(0.95) WITHIN GROUP (ORDER BY detail.duration_seconds) AS duration_p95_seconds,
	min(detail.created_at) AS first_job_at,
	max(detail.created_at) AS last_job_at
FROM llamacloud.classify_job_details AS detail
WHERE detail.status = 'COMPLETED' AND detail.deleted_at IS NULL
GROUP BY detail.result_type;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_rule_stats AS
WITH tally AS (
	SELECT
		job.configuration_hash,
		job.result_type,
		count(*) AS jobs,
		avg(job.result_confidence) AS confidence_mean,
		max(job.created_at) AS last_job_at
	FROM llamacloud.classify_jobs AS job
	WHERE job.status = 'COMPLETED' AND job.deleted_at IS NULL
	GROUP BY job.configuration_hash, job.result_type
),
completed AS (
	SELECT tally.configuration_hash, sum(tally.jobs)::bigint AS jobs
	FROM tally
	GROUP BY tally.configuration_hash
)
SELECT
	rule.configuration_hash,
	rule.position,
	rule.type,
	rule.description,
	coalesce(completed.jobs, 0) AS completed_jobs,
	coalesce(matched.jobs, 0) AS matched_jobs,
	coalesce(matched.jobs, 0)::double precision / completed.jobs AS matched_share,
	matched.confidence_mean,
	matched.last_job_at AS last_matched_job_at
FROM llamacloud.classify_rules AS rule
LEFT JOIN completed ON completed.configuration_hash = rule.configuration_hash
LEFT JOIN tally AS matched
	ON matched.configuration_hash = rule.configuration_hash AND matched.result_type = rule.type;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_failures AS
SELECT
	failure.error,
	count(*) AS jobs,
	min(failure.created_at) AS first_job_at,
	max(failure.created_at) AS last_job_at,
	max(failure.id) AS example_job_id
FROM (
	SELECT
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
	WHERE job.status = 'FAILED' AND job.deleted_at IS NULL
) AS failure
GROUP BY failure.error;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_review_queue AS
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
	AND (job.result_type IS NULL OR job.result_confidence < 0.7)
ORDER BY job.created_at DESC NULLS LAST;
--> statement-breakpoint
-- With the rights of its owner, so that readers need none on llamacloud_sync. Not security_invoker, and no function of
-- ours: a function in a view runs with the reader's rights.
CREATE VIEW llamacloud.sync_freshness AS
SELECT
	source.name AS source,
	source.project_id,
	source.covered_from,
	source.watermark,
	-- greatest(0, null) would be 0.
	extract(epoch FROM CASE
		WHEN source.watermark < now() THEN now() - source.watermark
		WHEN source.watermark IS NOT NULL THEN interval '0'
	END)::double precision AS lag_seconds,
	(SELECT count(*) FROM llamacloud_sync.open_jobs AS open_job WHERE open_job.source = source.name) AS open_jobs,
	(SELECT count(*) FROM llamacloud_sync.rejects AS reject WHERE reject.source = source.name) AS rejects,
	source.last_success_at,
	source.last_reconcile_at
FROM llamacloud_sync.sources AS source;
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_daily IS 'Jobs by UTC day, project, outcome and type, without deleted ones. Ask for some days (where day >= …) and it takes milliseconds; all days take about 3 seconds on 1,000,000 jobs, as every percentile needs every job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.confidence_mean IS 'Mean confidence, 0 to 1. Null when no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.confidence_p10 IS 'Confidence that a tenth of the jobs stay below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.confidence_p50 IS 'Median confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p95_seconds IS 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_failures IS 'Failed jobs by cause, without deleted ones: error messages are taken for the same when they differ only in ids, hex and numbers.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.error IS 'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.jobs IS 'How many jobs failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.example_job_id IS 'One of them: its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_job_details IS 'One row a job, with its outcome, its duration and the options of its configuration. The only view that holds deleted jobs too.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.user_id IS 'User who created the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.status IS 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.outcome IS 'matched or unmatched (completed with or without a type), failed, cancelled, deleted (upstream, whatever its status was), open (anything else, also a status that is not known here).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_type IS 'Document type of the rule that matched. Null when none matched or there is no result.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_confidence IS 'Confidence of the result, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_reasoning IS 'Why the document matched, or did not match, in words.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.created_day IS 'Day of created_at in UTC. Null when created_at is.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.duration_seconds IS 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.document_input_type IS 'What file_input names: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.file_input IS 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.parse_job_id IS 'Parse job that the document came from, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.transaction_id IS 'Idempotency key that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_id IS 'Saved configuration that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_hash IS 'The rules and options that the job ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_mode IS 'Execution mode, such as FAST.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_lang IS 'Language that documents are read in, as an ISO 639-1 code.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_max_pages IS 'How many pages of a document are read at most. Null for all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_target_pages IS 'Which pages of a document are read, such as 1,3,5-7. Null for all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_rule_count IS 'How many rules the configuration has.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_review_queue IS 'Completed jobs that a person should look at, newest first, without deleted ones: those that matched no rule, and those with a confidence below 0.7. For another limit ask classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.reason IS 'unmatched or low confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.result_type IS 'Document type of the rule that matched. Null when none matched or there is no result.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.result_confidence IS 'Confidence of the result, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.result_reasoning IS 'Why the document matched, or did not match, in words.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.document_input_type IS 'What file_input names: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.file_input IS 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.configuration_id IS 'Saved configuration that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.configuration_hash IS 'The rules and options that the job ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_rule_stats IS 'Every rule of every configuration with how often it matched in completed jobs that are not deleted: 0 is the interesting number. Rules of one configuration that give the same type share their matches, since a result names the type and not the rule. Reads all jobs: close to a second on 1,000,000 jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.configuration_hash IS 'The configuration that the rule is part of: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.position IS 'Place of the rule in its configuration, from 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.type IS 'Document type that is given when the rule matches.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.description IS 'What a document must be for the rule to match, in words.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.completed_jobs IS 'How many jobs ran to completion with this configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.matched_jobs IS 'How many of them were given the type of this rule.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.matched_share IS 'matched_jobs / completed_jobs, 0 to 1. Null when nothing ran to completion.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.confidence_mean IS 'Mean confidence of the matches, 0 to 1. Null when there are none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.last_matched_job_at IS 'When the last job that matched was created. Null when none did.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by the type that was found, without deleted ones; one row, with a null type, for those that matched no rule. Takes about 2 seconds on 1,000,000 jobs, as every percentile needs every job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.result_type IS 'Document type. Null: no rule matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.jobs IS 'How many completed jobs were given this type.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.share IS 'Their share of all completed jobs, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.low_confidence_jobs IS 'How many of them have a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_mean IS 'Mean confidence, 0 to 1. Null when no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_p10 IS 'Confidence that a tenth of the jobs stay below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_p50 IS 'Median confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_p90 IS 'Confidence that nine tenths of the jobs stay below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p95_seconds IS 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.sync_freshness IS 'How fresh the data is, one row a source. Its readers need no grant on llamacloud_sync, whose tables it sums up.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.project_id IS 'Project that the source is narrowed to. Null for all that the key can see.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.covered_from IS 'Every job created from here to the watermark is stored. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.watermark IS 'End of the coverage, by the clock of LlamaCloud. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.lag_seconds IS 'Seconds from the watermark to now. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.open_jobs IS 'Jobs that are asked for again by id until they are finished.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.rejects IS 'Items of the API that cannot be stored as a job. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.last_success_at IS 'When a cycle last ended without a fault. Null before that.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.last_reconcile_at IS 'When all jobs were last compared with the API. Null before that.';