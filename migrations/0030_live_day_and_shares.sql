-- I14: what readers wait for.
LOCK TABLE llamacloud.classify_histograms IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_histograms AS
SELECT settled.day, settled.source, settled.project_id, settled.all_configurations, settled.configuration_id, settled.configuration_hash, settled.outcome, settled.result_type, settled.confidence_histogram, settled.duration_histogram
FROM llamacloud_sync.classify_settled_spreads AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, part.all_configurations, live.configuration_id, live.configuration_hash, live.outcome, live.result_type, live.confidence_histogram, live.duration_histogram
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
-- Each half on its own, so that whoever asks for one is not kept waiting for the other.
CROSS JOIN (VALUES (true), (false)) AS part (all_configurations)
CROSS JOIN LATERAL (
	SELECT * FROM llamacloud_sync.classify_spreads AS live
	WHERE live.day = dirty.day AND live.all_configurations = part.all_configurations OFFSET 0
) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.all_configurations, timeless.configuration_id, timeless.configuration_hash, timeless.outcome, timeless.result_type, timeless.confidence_histogram, timeless.duration_histogram
FROM llamacloud_sync.classify_spreads AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
-- The logarithm of a float: that of a numeric took more time than all else in a year of classify_sla.
CREATE OR REPLACE FUNCTION llamacloud.duration_share(histogram bigint[], seconds double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	WITH bucket AS (
		SELECT jobs::double precision AS jobs, greatest(0, least(1, 2 + 10 * ln(seconds) / ln(2::double precision) - place)) AS part
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
	)
	SELECT sum(jobs * part) / nullif(sum(jobs), 0) FROM bucket
$$;
