-- I14: what readers wait for.
LOCK TABLE llamacloud.classify_type_costs, llamacloud.sync_freshness IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
-- total_credits left out parse jobs that parse_credits showed: those of jobs of which the API says no parse_credits.
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
		-- 0, or nothing, says that the caller brought the parse job: its credits are not among those of this one.
		sum(job.credits + CASE WHEN coalesce(job.parse_credits, 0) = 0 THEN coalesce(parse.credits, 0) ELSE 0 END) AS total_credits
	FROM llamacloud.classify_jobs AS job
	LEFT JOIN llamacloud.parse_jobs AS parse
		ON parse.id = coalesce(job.parse_job_id, CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END)
	GROUP BY 1, 2, 3, 4, 5
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
-- What is said of classify jobs must not go by how much of other lists was read.
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
	source.settled_until,
	source.list
FROM llamacloud_sync.sources AS source;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.result_label IS 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_label IS 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_label IS 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.result_label IS 'The type of a matched job, or else unmatched, failed, cancelled or open: never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that matched no rule. Percentiles are accurate to 0.05 of confidence, and to 7.2% of durations from 1 second to 18.2 hours: 65,536 means so long or longer, and a percentile between such a job and a shorter one is told too low. For a period use classify_type_stats_between.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.result_label IS 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.list IS 'List that the source reads, such as classify (SYNC_LISTS).';
