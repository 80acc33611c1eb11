-- Days whose jobs have come to rest are kept summed up; of all others, which are marked, the views read the jobs themselves. A
-- mark is a row of its own, never an update: commits that touch one day do not wait for each other.
CREATE TABLE "llamacloud_sync"."classify_dirty_days" (
	"day" date NOT NULL,
	"marked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."classify_settled_days" (
	"day" date NOT NULL,
	"project_id" text,
	"outcome" text NOT NULL,
	"result_type" text,
	"jobs" bigint NOT NULL,
	"confidence_mean" double precision,
	"confidence_p10" double precision,
	"confidence_p50" double precision,
	"duration_mean_seconds" double precision,
	"duration_p50_seconds" double precision,
	"duration_p95_seconds" double precision
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."classify_settled_errors" (
	"day" date NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"configuration_id" text,
	"configuration_hash" text,
	"error" text,
	"jobs" bigint NOT NULL,
	"first_job_at" timestamp with time zone,
	"last_job_at" timestamp with time zone,
	"example_job_id" text
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."classify_settled_spreads" (
	"day" date NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"all_configurations" boolean NOT NULL,
	"configuration_id" text,
	"configuration_hash" text,
	"outcome" text NOT NULL,
	"result_type" text,
	"confidence_histogram" integer[] NOT NULL,
	"duration_histogram" integer[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."classify_settled_sums" (
	"day" date NOT NULL,
	"source" text NOT NULL,
	"project_id" text,
	"configuration_id" text,
	"configuration_hash" text,
	"outcome" text NOT NULL,
	"result_type" text,
	"jobs" bigint NOT NULL,
	"low_confidence_jobs" bigint NOT NULL,
	"confidence_jobs" bigint NOT NULL,
	"confidence_sum" double precision,
	"duration_jobs" bigint NOT NULL,
	"duration_sum" double precision,
	"first_job_at" timestamp with time zone,
	"last_job_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "classify_dirty_days_day" ON "llamacloud_sync"."classify_dirty_days" USING btree ("day");
--> statement-breakpoint
CREATE INDEX "classify_settled_days_day" ON "llamacloud_sync"."classify_settled_days" USING btree ("day");
--> statement-breakpoint
CREATE INDEX "classify_settled_errors_day" ON "llamacloud_sync"."classify_settled_errors" USING btree ("day");
--> statement-breakpoint
CREATE INDEX "classify_settled_spreads_day" ON "llamacloud_sync"."classify_settled_spreads" USING btree ("all_configurations","day");
--> statement-breakpoint
CREATE INDEX "classify_settled_sums_day" ON "llamacloud_sync"."classify_settled_sums" USING btree ("day");
--> statement-breakpoint
-- The sums of a day, from its jobs.
CREATE VIEW llamacloud_sync.classify_sums AS
SELECT
	detail.created_day AS day,
	detail.source,
	detail.project_id,
	detail.configuration_id,
	detail.configuration_hash,
	detail.outcome,
	detail.result_type,
	count(*) AS jobs,
	count(*) FILTER (WHERE detail.result_confidence < 0.7) AS low_confidence_jobs,
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
-- How many jobs stand where. Confidence: 1 to 20 are 0.05 each, 21 is 1. Duration: 1 is below a second, 2 to 161 are a
-- tenth of an octave each, 162 is above 65,536 seconds.
CREATE VIEW llamacloud_sync.classify_places AS
SELECT
	job.created_day AS day,
	job.source,
	job.project_id,
	job.configuration_id,
	job.configuration_hash,
	job.outcome,
	job.result_type,
	width_bucket(job.result_confidence, 0::double precision, 1::double precision, 20) AS confidence_place,
	1 + width_bucket(ln(CASE WHEN job.duration_seconds < 0.001 THEN 0.001 ELSE job.duration_seconds END), 0::double precision, ln(65536::double precision), 160) AS duration_place,
	count(*) AS jobs
FROM llamacloud.classify_job_details AS job
-- Grouped, so that a place is worked out once, not anew for each element of the histograms.
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
--> statement-breakpoint
-- Of all configurations together, and of each: a year of all takes a fraction of the time then.
CREATE VIEW llamacloud_sync.classify_spreads AS
SELECT
	detail.day,
	detail.source,
	detail.project_id,
	true AS all_configurations,
	null::text AS configuration_id,
	null::text AS configuration_hash,
	detail.outcome,
	detail.result_type,
	ARRAY[
		coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 1), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 2), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 3), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 4), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 5), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 6), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 7), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 8), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 9), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 10), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 11), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 12), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 13), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 14), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 15), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 16), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 17), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 18), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 19), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 20), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 21), 0)
	]::integer[] AS confidence_histogram,
	ARRAY[
		coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 1), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 2), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 3), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 4), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 5), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 6), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 7), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 8), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 9), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 10), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 11), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 12), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 13), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 14), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 15), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 16), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 17), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 18), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 19), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 20), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 21), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 22), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 23), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 24), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 25), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 26), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 27), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 28), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 29), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 30), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 31), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 32), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 33), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 34), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 35), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 36), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 37), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 38), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 39), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 40), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 41), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 42), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 43), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 44), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 45), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 46), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 47), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 48), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 49), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 50), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 51), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 52), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 53), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 54), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 55), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 56), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 57), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 58), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 59), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 60), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 61), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 62), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 63), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 64), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 65), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 66), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 67), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 68), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 69), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 70), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 71), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 72), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 73), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 74), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 75), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 76), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 77), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 78), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 79), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 80), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 81), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 82), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 83), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 84), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 85), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 86), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 87), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 88), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 89), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 90), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 91), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 92), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 93), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 94), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 95), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 96), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 97), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 98), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 99), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 100), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 101), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 102), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 103), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 104), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 105), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 106), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 107), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 108), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 109), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 110), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 111), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 112), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 113), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 114), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 115), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 116), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 117), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 118), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 119), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 120), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 121), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 122), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 123), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 124), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 125), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 126), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 127), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 128), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 129), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 130), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 131), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 132), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 133), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 134), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 135), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 136), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 137), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 138), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 139), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 140), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 141), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 142), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 143), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 144), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 145), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 146), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 147), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 148), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 149), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 150), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 151), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 152), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 153), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 154), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 155), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 156), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 157), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 158), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 159), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 160), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 161), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 162), 0)
	]::integer[] AS duration_histogram
FROM llamacloud_sync.classify_places AS detail
GROUP BY detail.day, detail.source, detail.project_id, detail.outcome, detail.result_type
UNION ALL
SELECT
	detail.day,
	detail.source,
	detail.project_id,
	false AS all_configurations,
	detail.configuration_id,
	detail.configuration_hash,
	detail.outcome,
	detail.result_type,
	ARRAY[
		coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 1), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 2), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 3), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 4), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 5), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 6), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 7), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 8), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 9), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 10), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 11), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 12), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 13), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 14), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 15), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 16), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 17), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 18), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 19), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 20), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.confidence_place = 21), 0)
	]::integer[] AS confidence_histogram,
	ARRAY[
		coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 1), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 2), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 3), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 4), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 5), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 6), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 7), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 8), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 9), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 10), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 11), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 12), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 13), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 14), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 15), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 16), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 17), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 18), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 19), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 20), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 21), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 22), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 23), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 24), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 25), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 26), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 27), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 28), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 29), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 30), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 31), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 32), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 33), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 34), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 35), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 36), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 37), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 38), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 39), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 40), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 41), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 42), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 43), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 44), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 45), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 46), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 47), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 48), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 49), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 50), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 51), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 52), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 53), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 54), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 55), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 56), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 57), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 58), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 59), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 60), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 61), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 62), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 63), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 64), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 65), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 66), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 67), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 68), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 69), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 70), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 71), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 72), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 73), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 74), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 75), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 76), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 77), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 78), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 79), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 80), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 81), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 82), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 83), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 84), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 85), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 86), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 87), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 88), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 89), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 90), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 91), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 92), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 93), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 94), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 95), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 96), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 97), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 98), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 99), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 100), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 101), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 102), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 103), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 104), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 105), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 106), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 107), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 108), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 109), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 110), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 111), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 112), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 113), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 114), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 115), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 116), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 117), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 118), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 119), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 120), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 121), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 122), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 123), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 124), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 125), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 126), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 127), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 128), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 129), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 130), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 131), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 132), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 133), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 134), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 135), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 136), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 137), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 138), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 139), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 140), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 141), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 142), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 143), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 144), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 145), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 146), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 147), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 148), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 149), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 150), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 151), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 152), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 153), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 154), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 155), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 156), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 157), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 158), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 159), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 160), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 161), 0), coalesce(sum(detail.jobs) FILTER (WHERE detail.duration_place = 162), 0)
	]::integer[] AS duration_histogram
FROM llamacloud_sync.classify_places AS detail
GROUP BY detail.day, detail.source, detail.project_id, detail.configuration_id, detail.configuration_hash, detail.outcome, detail.result_type;
--> statement-breakpoint
-- What cannot be added up: percentiles of a day, exact.
CREATE VIEW llamacloud_sync.classify_exact AS
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
GROUP BY detail.created_day, detail.project_id, detail.outcome, detail.result_type;
--> statement-breakpoint
CREATE VIEW llamacloud_sync.classify_errors AS
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
	WHERE job.status = 'FAILED'
) AS failure
GROUP BY failure.day, failure.source, failure.project_id, failure.configuration_id, failure.configuration_hash, failure.error;
--> statement-breakpoint
CREATE FUNCTION llamacloud.confidence_percentile(histogram bigint[], share double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE BEGIN ATOMIC
	WITH bucket AS (
		SELECT place, jobs::double precision AS jobs, (sum(jobs) OVER (ORDER BY place))::double precision AS up_to
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
		WHERE jobs > 0
	),
	wanted AS (SELECT share * (max(up_to) - 1) AS rank FROM bucket),
	-- The two jobs on either side, as if those of a bucket stood at equal distances.
	neighbour AS (
		SELECT least(1, place / 20) AS value, place_of
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
CREATE FUNCTION llamacloud.duration_percentile(histogram bigint[], share double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE BEGIN ATOMIC
	WITH bucket AS (
		SELECT place, jobs::double precision AS jobs, (sum(jobs) OVER (ORDER BY place))::double precision AS up_to
		FROM unnest(histogram) WITH ORDINALITY AS each (jobs, place)
		WHERE jobs > 0
	),
	wanted AS (SELECT share * (max(up_to) - 1) AS rank FROM bucket),
	-- The two jobs on either side, as if those of a bucket stood at equal distances.
	neighbour AS (
		SELECT power(2, (place - 1) / 10) AS value, place_of
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
CREATE VIEW llamacloud.classify_statistics AS
SELECT settled.day, settled.source, settled.project_id, settled.configuration_id, settled.configuration_hash, settled.outcome, settled.result_type, settled.jobs, settled.low_confidence_jobs, settled.confidence_jobs, settled.confidence_sum, settled.duration_jobs, settled.duration_sum, settled.first_job_at, settled.last_job_at
FROM llamacloud_sync.classify_settled_sums AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.source, live.project_id, live.configuration_id, live.configuration_hash, live.outcome, live.result_type, live.jobs, live.low_confidence_jobs, live.confidence_jobs, live.confidence_sum, live.duration_jobs, live.duration_sum, live.first_job_at, live.last_job_at
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_sums AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.source, timeless.project_id, timeless.configuration_id, timeless.configuration_hash, timeless.outcome, timeless.result_type, timeless.jobs, timeless.low_confidence_jobs, timeless.confidence_jobs, timeless.confidence_sum, timeless.duration_jobs, timeless.duration_sum, timeless.first_job_at, timeless.last_job_at
FROM llamacloud_sync.classify_sums AS timeless
WHERE timeless.day IS NULL;
--> statement-breakpoint
CREATE VIEW llamacloud.classify_histograms AS
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
CREATE VIEW llamacloud.classify_daily_failures AS
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
--> statement-breakpoint
CREATE FUNCTION llamacloud.classify_type_stats_between(
	from_day date DEFAULT '-infinity',
	to_day date DEFAULT 'infinity',
	of_source text DEFAULT null,
	of_project_id text DEFAULT null,
	of_configuration_id text DEFAULT null,
	of_configuration_hash text DEFAULT null
) RETURNS TABLE (
	result_type text, jobs bigint, share double precision, low_confidence_jobs bigint, confidence_mean double precision,
	confidence_p10 double precision, confidence_p50 double precision, confidence_p90 double precision,
	duration_p50_seconds double precision, duration_p95_seconds double precision, first_job_at timestamptz, last_job_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE BEGIN ATOMIC
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
		AND statistic.day >= from_day AND statistic.day <= to_day
		AND (of_source IS NULL OR statistic.source = of_source)
		AND (of_project_id IS NULL OR statistic.project_id = of_project_id)
		AND (of_configuration_id IS NULL OR statistic.configuration_id = of_configuration_id)
		AND (of_configuration_hash IS NULL OR statistic.configuration_hash = of_configuration_hash)
	GROUP BY statistic.result_type
),
histogram AS (
	SELECT
		spread.result_type,
		ARRAY[sum(spread.confidence_histogram[1]), sum(spread.confidence_histogram[2]), sum(spread.confidence_histogram[3]), sum(spread.confidence_histogram[4]), sum(spread.confidence_histogram[5]), sum(spread.confidence_histogram[6]), sum(spread.confidence_histogram[7]), sum(spread.confidence_histogram[8]), sum(spread.confidence_histogram[9]), sum(spread.confidence_histogram[10]), sum(spread.confidence_histogram[11]), sum(spread.confidence_histogram[12]), sum(spread.confidence_histogram[13]), sum(spread.confidence_histogram[14]), sum(spread.confidence_histogram[15]), sum(spread.confidence_histogram[16]), sum(spread.confidence_histogram[17]), sum(spread.confidence_histogram[18]), sum(spread.confidence_histogram[19]), sum(spread.confidence_histogram[20]), sum(spread.confidence_histogram[21])] AS confidence,
		ARRAY[sum(spread.duration_histogram[1]), sum(spread.duration_histogram[2]), sum(spread.duration_histogram[3]), sum(spread.duration_histogram[4]), sum(spread.duration_histogram[5]), sum(spread.duration_histogram[6]), sum(spread.duration_histogram[7]), sum(spread.duration_histogram[8]), sum(spread.duration_histogram[9]), sum(spread.duration_histogram[10]), sum(spread.duration_histogram[11]), sum(spread.duration_histogram[12]), sum(spread.duration_histogram[13]), sum(spread.duration_histogram[14]), sum(spread.duration_histogram[15]), sum(spread.duration_histogram[16]), sum(spread.duration_histogram[17]), sum(spread.duration_histogram[18]), sum(spread.duration_histogram[19]), sum(spread.duration_histogram[20]), sum(spread.duration_histogram[21]), sum(spread.duration_histogram[22]), sum(spread.duration_histogram[23]), sum(spread.duration_histogram[24]), sum(spread.duration_histogram[25]), sum(spread.duration_histogram[26]), sum(spread.duration_histogram[27]), sum(spread.duration_histogram[28]), sum(spread.duration_histogram[29]), sum(spread.duration_histogram[30]), sum(spread.duration_histogram[31]), sum(spread.duration_histogram[32]), sum(spread.duration_histogram[33]), sum(spread.duration_histogram[34]), sum(spread.duration_histogram[35]), sum(spread.duration_histogram[36]), sum(spread.duration_histogram[37]), sum(spread.duration_histogram[38]), sum(spread.duration_histogram[39]), sum(spread.duration_histogram[40]), sum(spread.duration_histogram[41]), sum(spread.duration_histogram[42]), sum(spread.duration_histogram[43]), sum(spread.duration_histogram[44]), sum(spread.duration_histogram[45]), sum(spread.duration_histogram[46]), sum(spread.duration_histogram[47]), sum(spread.duration_histogram[48]), sum(spread.duration_histogram[49]), sum(spread.duration_histogram[50]), sum(spread.duration_histogram[51]), sum(spread.duration_histogram[52]), sum(spread.duration_histogram[53]), sum(spread.duration_histogram[54]), sum(spread.duration_histogram[55]), sum(spread.duration_histogram[56]), sum(spread.duration_histogram[57]), sum(spread.duration_histogram[58]), sum(spread.duration_histogram[59]), sum(spread.duration_histogram[60]), sum(spread.duration_histogram[61]), sum(spread.duration_histogram[62]), sum(spread.duration_histogram[63]), sum(spread.duration_histogram[64]), sum(spread.duration_histogram[65]), sum(spread.duration_histogram[66]), sum(spread.duration_histogram[67]), sum(spread.duration_histogram[68]), sum(spread.duration_histogram[69]), sum(spread.duration_histogram[70]), sum(spread.duration_histogram[71]), sum(spread.duration_histogram[72]), sum(spread.duration_histogram[73]), sum(spread.duration_histogram[74]), sum(spread.duration_histogram[75]), sum(spread.duration_histogram[76]), sum(spread.duration_histogram[77]), sum(spread.duration_histogram[78]), sum(spread.duration_histogram[79]), sum(spread.duration_histogram[80]), sum(spread.duration_histogram[81]), sum(spread.duration_histogram[82]), sum(spread.duration_histogram[83]), sum(spread.duration_histogram[84]), sum(spread.duration_histogram[85]), sum(spread.duration_histogram[86]), sum(spread.duration_histogram[87]), sum(spread.duration_histogram[88]), sum(spread.duration_histogram[89]), sum(spread.duration_histogram[90]), sum(spread.duration_histogram[91]), sum(spread.duration_histogram[92]), sum(spread.duration_histogram[93]), sum(spread.duration_histogram[94]), sum(spread.duration_histogram[95]), sum(spread.duration_histogram[96]), sum(spread.duration_histogram[97]), sum(spread.duration_histogram[98]), sum(spread.duration_histogram[99]), sum(spread.duration_histogram[100]), sum(spread.duration_histogram[101]), sum(spread.duration_histogram[102]), sum(spread.duration_histogram[103]), sum(spread.duration_histogram[104]), sum(spread.duration_histogram[105]), sum(spread.duration_histogram[106]), sum(spread.duration_histogram[107]), sum(spread.duration_histogram[108]), sum(spread.duration_histogram[109]), sum(spread.duration_histogram[110]), sum(spread.duration_histogram[111]), sum(spread.duration_histogram[112]), sum(spread.duration_histogram[113]), sum(spread.duration_histogram[114]), sum(spread.duration_histogram[115]), sum(spread.duration_histogram[116]), sum(spread.duration_histogram[117]), sum(spread.duration_histogram[118]), sum(spread.duration_histogram[119]), sum(spread.duration_histogram[120]), sum(spread.duration_histogram[121]), sum(spread.duration_histogram[122]), sum(spread.duration_histogram[123]), sum(spread.duration_histogram[124]), sum(spread.duration_histogram[125]), sum(spread.duration_histogram[126]), sum(spread.duration_histogram[127]), sum(spread.duration_histogram[128]), sum(spread.duration_histogram[129]), sum(spread.duration_histogram[130]), sum(spread.duration_histogram[131]), sum(spread.duration_histogram[132]), sum(spread.duration_histogram[133]), sum(spread.duration_histogram[134]), sum(spread.duration_histogram[135]), sum(spread.duration_histogram[136]), sum(spread.duration_histogram[137]), sum(spread.duration_histogram[138]), sum(spread.duration_histogram[139]), sum(spread.duration_histogram[140]), sum(spread.duration_histogram[141]), sum(spread.duration_histogram[142]), sum(spread.duration_histogram[143]), sum(spread.duration_histogram[144]), sum(spread.duration_histogram[145]), sum(spread.duration_histogram[146]), sum(spread.duration_histogram[147]), sum(spread.duration_histogram[148]), sum(spread.duration_histogram[149]), sum(spread.duration_histogram[150]), sum(spread.duration_histogram[151]), sum(spread.duration_histogram[152]), sum(spread.duration_histogram[153]), sum(spread.duration_histogram[154]), sum(spread.duration_histogram[155]), sum(spread.duration_histogram[156]), sum(spread.duration_histogram[157]), sum(spread.duration_histogram[158]), sum(spread.duration_histogram[159]), sum(spread.duration_histogram[160]), sum(spread.duration_histogram[161]), sum(spread.duration_histogram[162])] AS duration
	FROM llamacloud.classify_histograms AS spread
	WHERE spread.outcome IN ('matched', 'unmatched')
		AND spread.day >= from_day AND spread.day <= to_day
		AND (of_source IS NULL OR spread.source = of_source)
		AND (of_project_id IS NULL OR spread.project_id = of_project_id)
		AND (of_configuration_id IS NULL OR spread.configuration_id = of_configuration_id)
		AND (of_configuration_hash IS NULL OR spread.configuration_hash = of_configuration_hash)
		AND spread.all_configurations = (of_configuration_id IS NULL AND of_configuration_hash IS NULL)
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
	tally.last_job_at
FROM tally
JOIN histogram ON histogram.result_type IS NOT DISTINCT FROM tally.result_type;
END;
--> statement-breakpoint
-- Whatever writes jobs marks their days, in its own transaction: no way of writing can forget it.
CREATE FUNCTION llamacloud_sync.mark_days() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		INSERT INTO llamacloud_sync.classify_dirty_days (day)
		SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM before WHERE created_at IS NOT NULL;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		INSERT INTO llamacloud_sync.classify_dirty_days (day)
		SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM after WHERE created_at IS NOT NULL;
	END IF;
	RETURN null;
END $$;
--> statement-breakpoint
CREATE FUNCTION llamacloud_sync.forget_days() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	DELETE FROM llamacloud_sync.classify_settled_sums;
	DELETE FROM llamacloud_sync.classify_settled_spreads;
	DELETE FROM llamacloud_sync.classify_settled_days;
	DELETE FROM llamacloud_sync.classify_settled_errors;
	RETURN null;
END $$;
--> statement-breakpoint
-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE
	llamacloud.classify_daily,
	llamacloud.classify_type_stats,
	llamacloud.classify_rule_stats,
	llamacloud.classify_failures,
	llamacloud.classify_jobs
	IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TRIGGER mark_inserted AFTER INSERT ON llamacloud.classify_jobs
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days();
--> statement-breakpoint
CREATE TRIGGER mark_updated AFTER UPDATE ON llamacloud.classify_jobs
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days();
--> statement-breakpoint
CREATE TRIGGER mark_deleted AFTER DELETE ON llamacloud.classify_jobs
REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days();
--> statement-breakpoint
CREATE TRIGGER forget_truncated AFTER TRUNCATE ON llamacloud.classify_jobs
FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.forget_days();
--> statement-breakpoint
-- What is stored already: one look-up a day in the index, not one for each job.
WITH RECURSIVE stored AS (
	SELECT min((created_at AT TIME ZONE 'UTC')::date) AS day FROM llamacloud.classify_jobs
	UNION ALL
	SELECT (
		SELECT min((job.created_at AT TIME ZONE 'UTC')::date) FROM llamacloud.classify_jobs AS job
		WHERE (job.created_at AT TIME ZONE 'UTC')::date > stored.day
	)
	FROM stored WHERE stored.day IS NOT NULL
)
INSERT INTO llamacloud_sync.classify_dirty_days (day) SELECT day FROM stored WHERE day IS NOT NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_daily AS
SELECT settled.day, settled.project_id, settled.outcome, settled.result_type, settled.jobs, settled.confidence_mean, settled.confidence_p10, settled.confidence_p50, settled.duration_mean_seconds, settled.duration_p50_seconds, settled.duration_p95_seconds
FROM llamacloud_sync.classify_settled_days AS settled
WHERE NOT EXISTS (SELECT FROM llamacloud_sync.classify_dirty_days AS dirty WHERE dirty.day = settled.day)
UNION ALL
SELECT dirty.day, live.project_id, live.outcome, live.result_type, live.jobs, live.confidence_mean, live.confidence_p10, live.confidence_p50, live.duration_mean_seconds, live.duration_p50_seconds, live.duration_p95_seconds
FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.classify_dirty_days AS dirty) AS dirty
-- OFFSET 0 keeps it a look-up by day, whatever the planner thinks of the number of days.
CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.classify_exact AS live WHERE live.day = dirty.day OFFSET 0) AS live
UNION ALL
SELECT timeless.day, timeless.project_id, timeless.outcome, timeless.result_type, timeless.jobs, timeless.confidence_mean, timeless.confidence_p10, timeless.confidence_p50, timeless.duration_mean_seconds, timeless.duration_p50_seconds, timeless.duration_p95_seconds
FROM llamacloud_sync.classify_exact AS timeless
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
	tally.last_job_at
FROM tally
JOIN histogram ON histogram.result_type IS NOT DISTINCT FROM tally.result_type;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.classify_rule_stats AS
WITH tally AS (
	SELECT
		statistic.configuration_hash,
		statistic.result_type,
		sum(statistic.jobs)::bigint AS jobs,
		sum(statistic.confidence_sum) / nullif(sum(statistic.confidence_jobs), 0)::double precision AS confidence_mean,
		max(statistic.last_job_at) AS last_job_at
	FROM llamacloud.classify_statistics AS statistic
	WHERE statistic.outcome IN ('matched', 'unmatched')
	GROUP BY statistic.configuration_hash, statistic.result_type
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
CREATE OR REPLACE VIEW llamacloud.classify_failures AS
SELECT
	failure.error,
	sum(failure.jobs)::bigint AS jobs,
	min(failure.first_job_at) AS first_job_at,
	max(failure.last_job_at) AS last_job_at,
	max(failure.example_job_id) AS example_job_id
FROM llamacloud.classify_daily_failures AS failure
GROUP BY failure.error;

--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_daily IS 'Jobs by UTC day, project, outcome and type, also those that are gone upstream. Its figures are those of single days: for a period take classify_statistics, whose figures can be added up.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_daily_failures IS 'Failed jobs by UTC day, source, project, configuration and cause: classify_failures for any period.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.error IS 'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.jobs IS 'How many jobs failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.example_job_id IS 'One of them: its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_failures IS 'Failed jobs by cause, also those that are gone upstream: error messages are taken for the same when they differ only in ids, hex and numbers. For a period: classify_daily_failures.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_histograms IS 'How confidences and durations are spread, in counts that can be added up: classify_type_stats_between makes percentiles of them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.all_configurations IS 'Whether it is of all configurations together: take either these rows or the others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.confidence_histogram IS 'How many jobs by confidence, 0.05 a place, and 1 at the last: to be added up place by place, for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.duration_histogram IS 'How many jobs by duration, a tenth of an octave a place: to be added up place by place, for duration_percentile.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_rule_stats IS 'Every rule of every configuration with how often it matched in completed jobs, also those that are gone upstream: 0 is the interesting number. Rules of one configuration that give the same type share their matches, since a result names the type and not the rule.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_statistics IS 'Jobs by UTC day, source, project, configuration, outcome and type, in figures that can be added up: for any statistic of any period. Counts are exact at any moment; a year of 10,000,000 jobs takes a fraction of a second.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.low_confidence_jobs IS 'How many of them have a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.confidence_jobs IS 'How many of them have a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.confidence_sum IS 'Sum of their confidences: divided by confidence_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_jobs IS 'How many of them are finished.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_sum IS 'Sum of the seconds from creation to the end: divided by duration_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by the type that was found, also those that are gone upstream; one row, with a null type, for those that matched no rule. Percentiles are within 5 %. For a period: classify_type_stats_between.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_dirty_days IS 'Days whose jobs were written since they were summed up, one row a statement. The views read their jobs instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_dirty_days.day IS 'The day, in UTC.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_dirty_days.marked_at IS 'When, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_days IS 'classify_exact of the days that have come to rest.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.confidence_mean IS 'Mean confidence, 0 to 1. Null when no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.confidence_p10 IS 'Confidence that a tenth of the jobs stay below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.confidence_p50 IS 'Median confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p95_seconds IS 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_errors IS 'classify_errors of the days that have come to rest.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.error IS 'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.jobs IS 'How many jobs failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.example_job_id IS 'One of them: its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_spreads IS 'classify_spreads of the days that have come to rest.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.all_configurations IS 'Whether it is of all configurations together: take either these rows or the others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.confidence_histogram IS 'How many jobs by confidence, 0.05 a place, and 1 at the last: to be added up place by place, for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.duration_histogram IS 'How many jobs by duration, a tenth of an octave a place: to be added up place by place, for duration_percentile.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_sums IS 'classify_sums of the days that have come to rest.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.low_confidence_jobs IS 'How many of them have a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.confidence_jobs IS 'How many of them have a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.confidence_sum IS 'Sum of their confidences: divided by confidence_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_jobs IS 'How many of them are finished.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_sum IS 'Sum of the seconds from creation to the end: divided by duration_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rejects IS 'Items of the API that cannot be stored as a job, whole: the latest, for 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.page_size IS 'How many jobs the latest requests asked for: fewer where jobs are large. Null for SYNC_PAGE_SIZE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.received IS 'Items on those pages.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_errors IS 'The rows of classify_daily_failures as the jobs tell them. Ask for one day.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.error IS 'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.jobs IS 'How many jobs failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.example_job_id IS 'One of them: its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_exact IS 'The rows of classify_daily as the jobs tell them. Ask for one day.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.confidence_mean IS 'Mean confidence, 0 to 1. Null when no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.confidence_p10 IS 'Confidence that a tenth of the jobs stay below.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.confidence_p50 IS 'Median confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_mean_seconds IS 'Mean time from creation to the end, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p50_seconds IS 'Median time from creation to the end, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p95_seconds IS 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_places IS 'How many jobs stand where in the histograms. Ask for one day.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.confidence_place IS 'Place by confidence, from 1. Null for jobs without one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.duration_place IS 'Place by duration, from 1. Null for open jobs.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_spreads IS 'The rows of classify_histograms as the jobs tell them. Ask for one day.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.all_configurations IS 'Whether it is of all configurations together: take either these rows or the others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.confidence_histogram IS 'How many jobs by confidence, 0.05 a place, and 1 at the last: to be added up place by place, for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.duration_histogram IS 'How many jobs by duration, a tenth of an octave a place: to be added up place by place, for duration_percentile.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_sums IS 'The rows of classify_statistics as the jobs tell them. Ask for one day.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.source IS 'The source that first delivered the jobs, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.configuration_hash IS 'The rules and options that the jobs ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.outcome IS 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.result_type IS 'Document type that was found. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.low_confidence_jobs IS 'How many of them have a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.confidence_jobs IS 'How many of them have a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.confidence_sum IS 'Sum of their confidences: divided by confidence_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_jobs IS 'How many of them are finished.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_sum IS 'Sum of the seconds from creation to the end: divided by duration_jobs it is the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.first_job_at IS 'When the first of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.last_job_at IS 'When the last of them was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.jobs IS 'How many jobs stand there.';
