-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.classify_daily, llamacloud.classify_statistics, llamacloud.classify_histograms, llamacloud.classify_daily_failures IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
-- The day of a dirty day is that of its mark, not of its jobs: of those the planner makes all before it compares the day, and
-- whoever asks for a week after an upgrade reads every job.
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
CREATE OR REPLACE VIEW llamacloud.classify_histograms AS
SELECT settled.day, settled.source, settled.project_id, settled.all_configurations, settled.configuration_id, settled.configuration_hash, settled.outcome, settled.result_type, settled.confidence_histogram, settled.duration_histogram
FROM llamacloud_sync.classify_settled_spreads AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, live.all_configurations, live.configuration_id, live.configuration_hash, live.outcome, live.result_type, live.confidence_histogram, live.duration_histogram
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_spreads AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.all_configurations, timeless.configuration_id, timeless.configuration_hash, timeless.outcome, timeless.result_type, timeless.confidence_histogram, timeless.duration_histogram
FROM llamacloud_sync.classify_spreads AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_daily_failures AS
SELECT settled.day, settled.source, settled.project_id, settled.configuration_id, settled.configuration_hash, settled.error, settled.jobs, settled.first_job_at, settled.last_job_at, settled.example_job_id
FROM llamacloud_sync.classify_settled_errors AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, live.configuration_id, live.configuration_hash, live.error, live.jobs, live.first_job_at, live.last_job_at, live.example_job_id
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_errors AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.configuration_id, timeless.configuration_hash, timeless.error, timeless.jobs, timeless.first_job_at, timeless.last_job_at, timeless.example_job_id
FROM llamacloud_sync.classify_errors AS timeless
WHERE timeless.day IS NULL;
