-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.classify_type_stats, llamacloud.classify_daily, llamacloud.classify_statistics, llamacloud.classify_job_details IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.user_id,
	job.status,
	CASE
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
	job.deleted_at,
	job.deleted_at IS NOT NULL AS is_deleted,
	-- Null never stands for a meaning.
	CASE
		WHEN job.status = 'COMPLETED' THEN coalesce(job.result_type, 'unmatched')
		WHEN job.status = 'FAILED' THEN 'failed'
		WHEN job.status = 'CANCELLED' THEN 'cancelled'
		ELSE 'open'
	END AS result_label
FROM llamacloud.classify_jobs AS job
LEFT JOIN llamacloud.classify_configurations AS configuration ON configuration.hash = job.configuration_hash;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_daily AS
SELECT settled.day, settled.project_id, settled.outcome, settled.result_type, settled.jobs, settled.confidence_mean, settled.confidence_p10, settled.confidence_p50, settled.duration_mean_seconds, settled.duration_p50_seconds, settled.duration_p95_seconds, CASE WHEN settled.outcome = 'matched' THEN settled.result_type ELSE settled.outcome END AS result_label
FROM llamacloud_sync.classify_settled_days AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.project_id, live.outcome, live.result_type, live.jobs, live.confidence_mean, live.confidence_p10, live.confidence_p50, live.duration_mean_seconds, live.duration_p50_seconds, live.duration_p95_seconds, CASE WHEN live.outcome = 'matched' THEN live.result_type ELSE live.outcome END AS result_label
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_exact AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.project_id, timeless.outcome, timeless.result_type, timeless.jobs, timeless.confidence_mean, timeless.confidence_p10, timeless.confidence_p50, timeless.duration_mean_seconds, timeless.duration_p50_seconds, timeless.duration_p95_seconds, CASE WHEN timeless.outcome = 'matched' THEN timeless.result_type ELSE timeless.outcome END AS result_label
FROM llamacloud_sync.classify_exact AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_statistics AS
SELECT settled.day, settled.source, settled.project_id, settled.configuration_id, settled.configuration_hash, settled.outcome, settled.result_type, settled.jobs, settled.low_confidence_jobs, settled.confidence_jobs, settled.confidence_sum, settled.duration_jobs, settled.duration_sum, settled.first_job_at, settled.last_job_at, CASE WHEN settled.outcome = 'matched' THEN settled.result_type ELSE settled.outcome END AS result_label
FROM llamacloud_sync.classify_settled_sums AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, live.configuration_id, live.configuration_hash, live.outcome, live.result_type, live.jobs, live.low_confidence_jobs, live.confidence_jobs, live.confidence_sum, live.duration_jobs, live.duration_sum, live.first_job_at, live.last_job_at, CASE WHEN live.outcome = 'matched' THEN live.result_type ELSE live.outcome END AS result_label
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_sums AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.configuration_id, timeless.configuration_hash, timeless.outcome, timeless.result_type, timeless.jobs, timeless.low_confidence_jobs, timeless.confidence_jobs, timeless.confidence_sum, timeless.duration_jobs, timeless.duration_sum, timeless.first_job_at, timeless.last_job_at, CASE WHEN timeless.outcome = 'matched' THEN timeless.result_type ELSE timeless.outcome END AS result_label
FROM llamacloud_sync.classify_sums AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_type_stats AS
WITH tally AS (
	SELECT
		statistic.result_type,
		sum(statistic.jobs)::bigint AS jobs,
		sum(statistic.low_confidence_jobs)::bigint AS low_confidence_jobs,
		sum(statistic.confidence_sum) / nullif(sum(statistic.confidence_jobs), 0)::double precision AS confidence_mean,
		min(statistic.first_job_at) AS first_job_at,
		max(statistic.last_job_at) AS last_job_at
	FROM llamacloud.classify_statistics AS statistic
	WHERE statistic.outcome IN ('matched', 'unmatched')
	GROUP BY statistic.result_type
),
histogram AS (
	SELECT
		spread.result_type,
		ARRAY[sum(spread.confidence_histogram[1]), sum(spread.confidence_histogram[2]), sum(spread.confidence_histogram[3]), sum(spread.confidence_histogram[4]), sum(spread.confidence_histogram[5]), sum(spread.confidence_histogram[6]), sum(spread.confidence_histogram[7]), sum(spread.confidence_histogram[8]), sum(spread.confidence_histogram[9]), sum(spread.confidence_histogram[10]), sum(spread.confidence_histogram[11]), sum(spread.confidence_histogram[12]), sum(spread.confidence_histogram[13]), sum(spread.confidence_histogram[14]), sum(spread.confidence_histogram[15]), sum(spread.confidence_histogram[16]), sum(spread.confidence_histogram[17]), sum(spread.confidence_histogram[18]), sum(spread.confidence_histogram[19]), sum(spread.confidence_histogram[20]), sum(spread.confidence_histogram[21])] AS confidence,
		ARRAY[sum(spread.duration_histogram[1]), sum(spread.duration_histogram[2]), sum(spread.duration_histogram[3]), sum(spread.duration_histogram[4]), sum(spread.duration_histogram[5]), sum(spread.duration_histogram[6]), sum(spread.duration_histogram[7]), sum(spread.duration_histogram[8]), sum(spread.duration_histogram[9]), sum(spread.duration_histogram[10]), sum(spread.duration_histogram[11]), sum(spread.duration_histogram[12]), sum(spread.duration_histogram[13]), sum(spread.duration_histogram[14]), sum(spread.duration_histogram[15]), sum(spread.duration_histogram[16]), sum(spread.duration_histogram[17]), sum(spread.duration_histogram[18]), sum(spread.duration_histogram[19]), sum(spread.duration_histogram[20]), sum(spread.duration_histogram[21]), sum(spread.duration_histogram[22]), sum(spread.duration_histogram[23]), sum(spread.duration_histogram[24]), sum(spread.duration_histogram[25]), sum(spread.duration_histogram[26]), sum(spread.duration_histogram[27]), sum(spread.duration_histogram[28]), sum(spread.duration_histogram[29]), sum(spread.duration_histogram[30]), sum(spread.duration_histogram[31]), sum(spread.duration_histogram[32]), sum(spread.duration_histogram[33]), sum(spread.duration_histogram[34]), sum(spread.duration_histogram[35]), sum(spread.duration_histogram[36]), sum(spread.duration_histogram[37]), sum(spread.duration_histogram[38]), sum(spread.duration_histogram[39]), sum(spread.duration_histogram[40]), sum(spread.duration_histogram[41]), sum(spread.duration_histogram[42]), sum(spread.duration_histogram[43]), sum(spread.duration_histogram[44]), sum(spread.duration_histogram[45]), sum(spread.duration_histogram[46]), sum(spread.duration_histogram[47]), sum(spread.duration_histogram[48]), sum(spread.duration_histogram[49]), sum(spread.duration_histogram[50]), sum(spread.duration_histogram[51]), sum(spread.duration_histogram[52]), sum(spread.duration_histogram[53]), sum(spread.duration_histogram[54]), sum(spread.duration_histogram[55]), sum(spread.duration_histogram[56]), sum(spread.duration_histogram[57]), sum(spread.duration_histogram[58]), sum(spread.duration_histogram[59]), sum(spread.duration_histogram[60]), sum(spread.duration_histogram[61]), sum(spread.duration_histogram[62]), sum(spread.duration_histogram[63]), sum(spread.duration_histogram[64]), sum(spread.duration_histogram[65]), sum(spread.duration_histogram[66]), sum(spread.duration_histogram[67]), sum(spread.duration_histogram[68]), sum(spread.duration_histogram[69]), sum(spread.duration_histogram[70]), sum(spread.duration_histogram[71]), sum(spread.duration_histogram[72]), sum(spread.duration_histogram[73]), sum(spread.duration_histogram[74]), sum(spread.duration_histogram[75]), sum(spread.duration_histogram[76]), sum(spread.duration_histogram[77]), sum(spread.duration_histogram[78]), sum(spread.duration_histogram[79]), sum(spread.duration_histogram[80]), sum(spread.duration_histogram[81]), sum(spread.duration_histogram[82]), sum(spread.duration_histogram[83]), sum(spread.duration_histogram[84]), sum(spread.duration_histogram[85]), sum(spread.duration_histogram[86]), sum(spread.duration_histogram[87]), sum(spread.duration_histogram[88]), sum(spread.duration_histogram[89]), sum(spread.duration_histogram[90]), sum(spread.duration_histogram[91]), sum(spread.duration_histogram[92]), sum(spread.duration_histogram[93]), sum(spread.duration_histogram[94]), sum(spread.duration_histogram[95]), sum(spread.duration_histogram[96]), sum(spread.duration_histogram[97]), sum(spread.duration_histogram[98]), sum(spread.duration_histogram[99]), sum(spread.duration_histogram[100]), sum(spread.duration_histogram[101]), sum(spread.duration_histogram[102]), sum(spread.duration_histogram[103]), sum(spread.duration_histogram[104]), sum(spread.duration_histogram[105]), sum(spread.duration_histogram[106]), sum(spread.duration_histogram[107]), sum(spread.duration_histogram[108]), sum(spread.duration_histogram[109]), sum(spread.duration_histogram[110]), sum(spread.duration_histogram[111]), sum(spread.duration_histogram[112]), sum(spread.duration_histogram[113]), sum(spread.duration_histogram[114]), sum(spread.duration_histogram[115]), sum(spread.duration_histogram[116]), sum(spread.duration_histogram[117]), sum(spread.duration_histogram[118]), sum(spread.duration_histogram[119]), sum(spread.duration_histogram[120]), sum(spread.duration_histogram[121]), sum(spread.duration_histogram[122]), sum(spread.duration_histogram[123]), sum(spread.duration_histogram[124]), sum(spread.duration_histogram[125]), sum(spread.duration_histogram[126]), sum(spread.duration_histogram[127]), sum(spread.duration_histogram[128]), sum(spread.duration_histogram[129]), sum(spread.duration_histogram[130]), sum(spread.duration_histogram[131]), sum(spread.duration_histogram[132]), sum(spread.duration_histogram[133]), sum(spread.duration_histogram[134]), sum(spread.duration_histogram[135]), sum(spread.duration_histogram[136]), sum(spread.duration_histogram[137]), sum(spread.duration_histogram[138]), sum(spread.duration_histogram[139]), sum(spread.duration_histogram[140]), sum(spread.duration_histogram[141]), sum(spread.duration_histogram[142]), sum(spread.duration_histogram[143]), sum(spread.duration_histogram[144]), sum(spread.duration_histogram[145]), sum(spread.duration_histogram[146]), sum(spread.duration_histogram[147]), sum(spread.duration_histogram[148]), sum(spread.duration_histogram[149]), sum(spread.duration_histogram[150]), sum(spread.duration_histogram[151]), sum(spread.duration_histogram[152]), sum(spread.duration_histogram[153]), sum(spread.duration_histogram[154]), sum(spread.duration_histogram[155]), sum(spread.duration_histogram[156]), sum(spread.duration_histogram[157]), sum(spread.duration_histogram[158]), sum(spread.duration_histogram[159]), sum(spread.duration_histogram[160]), sum(spread.duration_histogram[161]), sum(spread.duration_histogram[162])] AS duration
	FROM llamacloud.classify_histograms AS spread
	WHERE spread.outcome IN ('matched', 'unmatched')
		AND spread.all_configurations
	GROUP BY spread.result_type
)
SELECT
	tally.result_type,
	tally.jobs,
	(tally.jobs / sum(tally.jobs) OVER ())::double precision AS share,
	tally.low_confidence_jobs,
	tally.confidence_mean,
	llamacloud.confidence_percentile(histogram.confidence, 0.1) AS confidence_p10,
	llamacloud.confidence_percentile(histogram.confidence, 0.5) AS confidence_p50,
	llamacloud.confidence_percentile(histogram.confidence, 0.9) AS confidence_p90,
	llamacloud.duration_percentile(histogram.duration, 0.5) AS duration_p50_seconds,
	llamacloud.duration_percentile(histogram.duration, 0.95) AS duration_p95_seconds,
	tally.first_job_at,
	tally.last_job_at,
	coalesce(tally.result_type, 'unmatched') AS result_label
FROM tally
JOIN histogram ON histogram.result_type IS NOT DISTINCT FROM tally.result_type;
--> statement-breakpoint
CREATE FUNCTION llamacloud.duration_share(histogram bigint[], seconds double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	WITH bucket AS (
		SELECT jobs::double precision AS jobs, greatest(0, least(1, 2 + 10 * log(2, seconds::numeric)::double precision - place)) AS part
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
	)
	SELECT sum(jobs * part) / nullif(sum(jobs), 0) FROM bucket
$$;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_sla AS
SELECT
	daily.day,
	daily.source,
	daily.project_id,
	daily.finished_jobs,
	llamacloud.duration_share(daily.histogram, 60) AS within_1_minute,
	llamacloud.duration_share(daily.histogram, 300) AS within_5_minutes,
	llamacloud.duration_share(daily.histogram, 900) AS within_15_minutes,
	llamacloud.duration_share(daily.histogram, 3600) AS within_1_hour,
	daily.histogram AS duration_histogram
FROM (
	SELECT
		spread.day,
		spread.source,
		spread.project_id,
		ARRAY[sum(spread.duration_histogram[1]), sum(spread.duration_histogram[2]), sum(spread.duration_histogram[3]), sum(spread.duration_histogram[4]), sum(spread.duration_histogram[5]), sum(spread.duration_histogram[6]), sum(spread.duration_histogram[7]), sum(spread.duration_histogram[8]), sum(spread.duration_histogram[9]), sum(spread.duration_histogram[10]), sum(spread.duration_histogram[11]), sum(spread.duration_histogram[12]), sum(spread.duration_histogram[13]), sum(spread.duration_histogram[14]), sum(spread.duration_histogram[15]), sum(spread.duration_histogram[16]), sum(spread.duration_histogram[17]), sum(spread.duration_histogram[18]), sum(spread.duration_histogram[19]), sum(spread.duration_histogram[20]), sum(spread.duration_histogram[21]), sum(spread.duration_histogram[22]), sum(spread.duration_histogram[23]), sum(spread.duration_histogram[24]), sum(spread.duration_histogram[25]), sum(spread.duration_histogram[26]), sum(spread.duration_histogram[27]), sum(spread.duration_histogram[28]), sum(spread.duration_histogram[29]), sum(spread.duration_histogram[30]), sum(spread.duration_histogram[31]), sum(spread.duration_histogram[32]), sum(spread.duration_histogram[33]), sum(spread.duration_histogram[34]), sum(spread.duration_histogram[35]), sum(spread.duration_histogram[36]), sum(spread.duration_histogram[37]), sum(spread.duration_histogram[38]), sum(spread.duration_histogram[39]), sum(spread.duration_histogram[40]), sum(spread.duration_histogram[41]), sum(spread.duration_histogram[42]), sum(spread.duration_histogram[43]), sum(spread.duration_histogram[44]), sum(spread.duration_histogram[45]), sum(spread.duration_histogram[46]), sum(spread.duration_histogram[47]), sum(spread.duration_histogram[48]), sum(spread.duration_histogram[49]), sum(spread.duration_histogram[50]), sum(spread.duration_histogram[51]), sum(spread.duration_histogram[52]), sum(spread.duration_histogram[53]), sum(spread.duration_histogram[54]), sum(spread.duration_histogram[55]), sum(spread.duration_histogram[56]), sum(spread.duration_histogram[57]), sum(spread.duration_histogram[58]), sum(spread.duration_histogram[59]), sum(spread.duration_histogram[60]), sum(spread.duration_histogram[61]), sum(spread.duration_histogram[62]), sum(spread.duration_histogram[63]), sum(spread.duration_histogram[64]), sum(spread.duration_histogram[65]), sum(spread.duration_histogram[66]), sum(spread.duration_histogram[67]), sum(spread.duration_histogram[68]), sum(spread.duration_histogram[69]), sum(spread.duration_histogram[70]), sum(spread.duration_histogram[71]), sum(spread.duration_histogram[72]), sum(spread.duration_histogram[73]), sum(spread.duration_histogram[74]), sum(spread.duration_histogram[75]), sum(spread.duration_histogram[76]), sum(spread.duration_histogram[77]), sum(spread.duration_histogram[78]), sum(spread.duration_histogram[79]), sum(spread.duration_histogram[80]), sum(spread.duration_histogram[81]), sum(spread.duration_histogram[82]), sum(spread.duration_histogram[83]), sum(spread.duration_histogram[84]), sum(spread.duration_histogram[85]), sum(spread.duration_histogram[86]), sum(spread.duration_histogram[87]), sum(spread.duration_histogram[88]), sum(spread.duration_histogram[89]), sum(spread.duration_histogram[90]), sum(spread.duration_histogram[91]), sum(spread.duration_histogram[92]), sum(spread.duration_histogram[93]), sum(spread.duration_histogram[94]), sum(spread.duration_histogram[95]), sum(spread.duration_histogram[96]), sum(spread.duration_histogram[97]), sum(spread.duration_histogram[98]), sum(spread.duration_histogram[99]), sum(spread.duration_histogram[100]), sum(spread.duration_histogram[101]), sum(spread.duration_histogram[102]), sum(spread.duration_histogram[103]), sum(spread.duration_histogram[104]), sum(spread.duration_histogram[105]), sum(spread.duration_histogram[106]), sum(spread.duration_histogram[107]), sum(spread.duration_histogram[108]), sum(spread.duration_histogram[109]), sum(spread.duration_histogram[110]), sum(spread.duration_histogram[111]), sum(spread.duration_histogram[112]), sum(spread.duration_histogram[113]), sum(spread.duration_histogram[114]), sum(spread.duration_histogram[115]), sum(spread.duration_histogram[116]), sum(spread.duration_histogram[117]), sum(spread.duration_histogram[118]), sum(spread.duration_histogram[119]), sum(spread.duration_histogram[120]), sum(spread.duration_histogram[121]), sum(spread.duration_histogram[122]), sum(spread.duration_histogram[123]), sum(spread.duration_histogram[124]), sum(spread.duration_histogram[125]), sum(spread.duration_histogram[126]), sum(spread.duration_histogram[127]), sum(spread.duration_histogram[128]), sum(spread.duration_histogram[129]), sum(spread.duration_histogram[130]), sum(spread.duration_histogram[131]), sum(spread.duration_histogram[132]), sum(spread.duration_histogram[133]), sum(spread.duration_histogram[134]), sum(spread.duration_histogram[135]), sum(spread.duration_histogram[136]), sum(spread.duration_histogram[137]), sum(spread.duration_histogram[138]), sum(spread.duration_histogram[139]), sum(spread.duration_histogram[140]), sum(spread.duration_histogram[141]), sum(spread.duration_histogram[142]), sum(spread.duration_histogram[143]), sum(spread.duration_histogram[144]), sum(spread.duration_histogram[145]), sum(spread.duration_histogram[146]), sum(spread.duration_histogram[147]), sum(spread.duration_histogram[148]), sum(spread.duration_histogram[149]), sum(spread.duration_histogram[150]), sum(spread.duration_histogram[151]), sum(spread.duration_histogram[152]), sum(spread.duration_histogram[153]), sum(spread.duration_histogram[154]), sum(spread.duration_histogram[155]), sum(spread.duration_histogram[156]), sum(spread.duration_histogram[157]), sum(spread.duration_histogram[158]), sum(spread.duration_histogram[159]), sum(spread.duration_histogram[160]), sum(spread.duration_histogram[161]), sum(spread.duration_histogram[162])] AS histogram,
		sum((SELECT sum(jobs) FROM unnest(spread.duration_histogram) AS jobs))::bigint AS finished_jobs
	FROM llamacloud.classify_histograms AS spread
	WHERE spread.all_configurations
	GROUP BY spread.day, spread.source, spread.project_id
) AS daily
WHERE daily.finished_jobs > 0;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_weekly AS
WITH weekly AS (
	SELECT
		date_trunc('week', statistic.day::timestamp)::date AS week,
		statistic.source,
		statistic.project_id,
		sum(statistic.jobs)::bigint AS jobs,
		(sum(statistic.jobs) FILTER (WHERE statistic.outcome IN ('matched', 'unmatched', 'failed')))::double precision AS ended,
		coalesce(sum(statistic.jobs) FILTER (WHERE statistic.outcome = 'failed'), 0)::double precision AS failed,
		(sum(statistic.jobs) FILTER (WHERE statistic.outcome IN ('matched', 'unmatched')))::double precision AS completed,
		coalesce(sum(statistic.jobs) FILTER (WHERE statistic.outcome = 'unmatched'), 0)::double precision AS unmatched,
		sum(statistic.confidence_sum) / nullif(sum(statistic.confidence_jobs), 0)::double precision AS confidence_mean,
		sum(statistic.duration_sum) / nullif(sum(statistic.duration_jobs), 0)::double precision AS duration_mean_seconds
	FROM llamacloud.classify_statistics AS statistic
	WHERE isfinite(statistic.day)
	GROUP BY 1, 2, 3
),
shares AS (
	SELECT week, source, project_id, jobs, failed / ended AS failed_share, unmatched / completed AS unmatched_share, confidence_mean, duration_mean_seconds
	FROM weekly
)
SELECT
	this.week,
	this.source,
	this.project_id,
	this.week + 7 <= (now() AT TIME ZONE 'UTC')::date AS is_whole,
	this.jobs,
	this.failed_share,
	this.unmatched_share,
	this.confidence_mean,
	this.duration_mean_seconds,
	before.jobs AS jobs_before,
	before.failed_share AS failed_share_before,
	before.unmatched_share AS unmatched_share_before,
	before.confidence_mean AS confidence_mean_before,
	before.duration_mean_seconds AS duration_mean_seconds_before
FROM shares AS this
LEFT JOIN shares AS before
	ON before.week = this.week - 7 AND before.source = this.source AND before.project_id IS NOT DISTINCT FROM this.project_id;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_rule_changes AS
WITH used AS (
	SELECT
		statistic.source,
		statistic.project_id,
		statistic.configuration_id,
		statistic.configuration_hash,
		min(statistic.first_job_at) AS first_job_at,
		sum(statistic.jobs)::bigint AS completed_jobs,
		coalesce(sum(statistic.jobs) FILTER (WHERE statistic.outcome = 'unmatched'), 0)::double precision AS unmatched
	FROM llamacloud.classify_statistics AS statistic
	WHERE statistic.outcome IN ('matched', 'unmatched') AND statistic.configuration_hash IS NOT NULL
	GROUP BY 1, 2, 3, 4
),
replaced AS (
	SELECT
		used.*,
		lag(used.configuration_hash) OVER before AS previous_hash,
		lag(used.completed_jobs) OVER before AS previous_completed_jobs,
		lag(used.unmatched) OVER before AS previous_unmatched
	FROM used
	WINDOW before AS (PARTITION BY used.source, used.project_id, used.configuration_id ORDER BY used.first_job_at, used.configuration_hash)
)
SELECT
	replaced.first_job_at AS changed_at,
	replaced.source,
	replaced.project_id,
	replaced.configuration_id,
	replaced.previous_hash,
	replaced.configuration_hash,
	ARRAY(
		SELECT rule.type FROM llamacloud.classify_rules AS rule WHERE rule.configuration_hash = replaced.configuration_hash AND rule.type IS NOT NULL
		EXCEPT
		SELECT rule.type FROM llamacloud.classify_rules AS rule WHERE rule.configuration_hash = replaced.previous_hash
		ORDER BY 1
	) AS types_added,
	ARRAY(
		SELECT rule.type FROM llamacloud.classify_rules AS rule WHERE rule.configuration_hash = replaced.previous_hash AND rule.type IS NOT NULL
		EXCEPT
		SELECT rule.type FROM llamacloud.classify_rules AS rule WHERE rule.configuration_hash = replaced.configuration_hash
		ORDER BY 1
	) AS types_removed,
	replaced.previous_completed_jobs,
	replaced.completed_jobs,
	replaced.previous_unmatched / replaced.previous_completed_jobs AS unmatched_share_before,
	replaced.unmatched / replaced.completed_jobs AS unmatched_share_after
FROM replaced
WHERE replaced.previous_hash IS NOT NULL;
--> statement-breakpoint
-- The first state of a job is what its first change came from, or else its row: it is not stored twice.
CREATE VIEW llamacloud.classify_job_history AS
SELECT
	job.id AS job_id,
	job.first_seen_at AS observed_at,
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
COMMENT ON COLUMN llamacloud.classify_daily.result_label IS 'The type, or the outcome where there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_label IS 'The type, or the outcome where there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_job_history IS 'Everything that was observed of a job, from its first state on. Ask for one job_id, and order by observed_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.job_id IS 'The job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.observed_at IS 'When it was observed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.event IS 'first seen, changed, deleted (found to be gone upstream) or returned (shown again after that).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.status IS 'Status from then on.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.result_type IS 'Result type from then on.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.result_confidence IS 'Confidence from then on.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.updated_at IS 'updated_at from then on.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_rule_changes IS 'Which configuration came after which, by source, project and saved configuration, and what that did to the share of unmatched jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.changed_at IS 'When the first job with the new one was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.configuration_id IS 'Saved configuration whose rules changed. Null where jobs bring rules of their own.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.previous_hash IS 'The rules and options before: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.configuration_hash IS 'The rules and options after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.types_added IS 'Types that only the new rules give.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.types_removed IS 'Types that only the former rules gave.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.previous_completed_jobs IS 'How many jobs ran to completion with the former ones, ever.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.completed_jobs IS 'How many jobs ran to completion with the new ones, ever.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.unmatched_share_before IS 'Share of the former that matched no rule, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.unmatched_share_after IS 'Share of the latter that matched no rule, 0 to 1.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_sla IS 'How many jobs ended in time, by UTC day of creation, source and project. The shares are made from a histogram, and within a hundredth.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.finished_jobs IS 'How many jobs of the day have ended, completed or not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_1_minute IS 'Share of them that ended within a minute, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_5_minutes IS 'Share of them that ended within five minutes, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_15_minutes IS 'Share of them that ended within a quarter of an hour, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_1_hour IS 'Share of them that ended within an hour, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.duration_histogram IS 'For other limits: duration_share(duration_histogram, 120) is the share within two minutes.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_label IS 'The type, or the outcome where there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.result_label IS 'The type, or the outcome where there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_weekly IS 'Week on week, by source and project: the figures of a week beside those of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.week IS 'Monday of the week, in UTC.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.is_whole IS 'Whether the week is over: part of a week is not to be compared with a whole one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.jobs IS 'How many jobs were created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.failed_share IS 'Share of the jobs that ended which failed, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.unmatched_share IS 'Share of the completed jobs that matched no rule, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.confidence_mean IS 'Mean confidence, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.duration_mean_seconds IS 'Mean time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.jobs_before IS 'The same of the week before. Null when it had none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.failed_share_before IS 'The same of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.unmatched_share_before IS 'The same of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.confidence_mean_before IS 'The same of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.duration_mean_seconds_before IS 'The same of the week before.';
