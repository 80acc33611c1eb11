-- Durations in the last bucket are known as 18.2 hours or longer, no closer: they were told as 18.2 to 19.5 hours.
CREATE OR REPLACE FUNCTION llamacloud.duration_percentile(histogram bigint[], share double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE BEGIN ATOMIC
	WITH bucket AS (
		SELECT place, jobs::double precision AS jobs, (sum(jobs) OVER (ORDER BY place))::double precision AS up_to
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
		WHERE jobs > 0
	),
	wanted AS (SELECT share * (max(up_to) - 1) AS rank FROM bucket),
	-- The two jobs on either side, as if those of a bucket stood at equal distances.
	neighbour AS (
		SELECT least(65536, power(2, (place - 1) / 10)) AS value, place_of
		FROM wanted
		CROSS JOIN LATERAL (VALUES (floor(rank)), (ceil(rank))) AS of_job (place_of)
		CROSS JOIN LATERAL (
			SELECT place - 1 + (place_of - (up_to - jobs) + 0.5) / jobs AS place
			FROM bucket WHERE up_to > place_of ORDER BY bucket.place LIMIT 1
		) AS found
	)
	SELECT min(value) + (max(value) - min(value)) * (max(rank) - floor(max(rank))) FROM neighbour, wanted;
END;
--> statement-breakpoint
-- So the share within a longer time is not known; it was told as all of them. A limit that is not above 0 was an error.
CREATE OR REPLACE FUNCTION llamacloud.duration_share(histogram bigint[], seconds double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
	WITH bucket AS (
		SELECT
			jobs::double precision AS jobs,
			greatest(0, least(1, 2 + 10 * ln(greatest(seconds, 0.001)) / ln(2::double precision) - place)) AS part
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
	)
	SELECT CASE WHEN seconds <= 65536 OR coalesce(histogram[162], 0) = 0 THEN sum(jobs * part) / nullif(sum(jobs), 0) END FROM bucket
$$;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.duration_histogram IS 'For other limits: duration_share(duration_histogram, 120) is the share that took at most 2 minutes. Null for limits above 18.2 hours where jobs took longer than that.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that matched no rule. Percentiles are accurate to 5%, those of durations from 1 second to 18.2 hours: 65,536 means so long or longer. For a period use classify_type_stats_between.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';
