-- I14: what readers wait for.
LOCK TABLE llamacloud.classify_weekly IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
-- Of all finished jobs, as its comment, the report and the dashboards have it: those that were cancelled were left out.
CREATE OR REPLACE VIEW llamacloud.classify_weekly AS
WITH weekly AS (
	SELECT
		date_trunc('week', statistic.day::timestamp)::date AS week,
		statistic.source,
		statistic.project_id,
		sum(statistic.jobs)::bigint AS jobs,
		(sum(statistic.jobs) FILTER (WHERE statistic.outcome <> 'open'))::double precision AS ended,
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
