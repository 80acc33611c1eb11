-- I14: what readers wait for. In the order in which a query locks them, a view before what it reads.
LOCK TABLE llamacloud.job_costs, llamacloud.parse_jobs, llamacloud.extract_jobs IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."extract_dirty_days" (
	"day" date NOT NULL,
	"marked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."extract_settled_costs" (
	"day" date NOT NULL,
	"project_id" text,
	"configuration_id" text,
	"jobs" bigint NOT NULL,
	"credits" double precision,
	"parse_credits" double precision,
	"unbilled_jobs" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."parse_dirty_days" (
	"day" date NOT NULL,
	"marked_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."parse_settled_costs" (
	"day" date NOT NULL,
	"project_id" text,
	"configuration_id" text,
	"jobs" bigint NOT NULL,
	"credits" double precision,
	"parse_credits" double precision,
	"unbilled_jobs" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "extract_dirty_days_day" ON "llamacloud_sync"."extract_dirty_days" USING btree ("day");--> statement-breakpoint
CREATE INDEX "extract_settled_costs_day" ON "llamacloud_sync"."extract_settled_costs" USING btree ("day");--> statement-breakpoint
CREATE INDEX "parse_dirty_days_day" ON "llamacloud_sync"."parse_dirty_days" USING btree ("day");--> statement-breakpoint
CREATE INDEX "parse_settled_costs_day" ON "llamacloud_sync"."parse_settled_costs" USING btree ("day");
--> statement-breakpoint
-- As mark_days does for classify jobs, in the table that the trigger names.
CREATE FUNCTION llamacloud_sync.mark_days_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	IF TG_OP <> 'INSERT' THEN
		EXECUTE format(
			'INSERT INTO llamacloud_sync.%I (day) SELECT DISTINCT (created_at AT TIME ZONE ''UTC'')::date FROM before WHERE created_at IS NOT NULL',
			TG_ARGV[0]
		);
	END IF;
	IF TG_OP <> 'DELETE' THEN
		EXECUTE format(
			'INSERT INTO llamacloud_sync.%I (day) SELECT DISTINCT (created_at AT TIME ZONE ''UTC'')::date FROM after WHERE created_at IS NOT NULL',
			TG_ARGV[0]
		);
	END IF;
	RETURN null;
END $$;
--> statement-breakpoint
CREATE FUNCTION llamacloud_sync.forget_days_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
	EXECUTE format('DELETE FROM llamacloud_sync.%I', TG_ARGV[0]);
	RETURN null;
END $$;
--> statement-breakpoint
CREATE TRIGGER mark_inserted AFTER INSERT ON llamacloud.parse_jobs
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('parse_dirty_days');
--> statement-breakpoint
CREATE TRIGGER mark_updated AFTER UPDATE ON llamacloud.parse_jobs
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('parse_dirty_days');
--> statement-breakpoint
CREATE TRIGGER mark_deleted AFTER DELETE ON llamacloud.parse_jobs
REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('parse_dirty_days');
--> statement-breakpoint
CREATE TRIGGER forget_truncated AFTER TRUNCATE ON llamacloud.parse_jobs
FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.forget_days_in('parse_settled_costs');
--> statement-breakpoint
-- What is stored already: one look-up a day in the index, not one for each job.
WITH RECURSIVE stored AS (
	SELECT min((created_at AT TIME ZONE 'UTC')::date) AS day FROM llamacloud.parse_jobs
	UNION ALL
	SELECT (
		SELECT min((job.created_at AT TIME ZONE 'UTC')::date) FROM llamacloud.parse_jobs AS job
		WHERE (job.created_at AT TIME ZONE 'UTC')::date > stored.day
	)
	FROM stored WHERE stored.day IS NOT NULL
)
INSERT INTO llamacloud_sync.parse_dirty_days (day) SELECT day FROM stored WHERE day IS NOT NULL;
--> statement-breakpoint
CREATE VIEW llamacloud_sync.parse_costs AS
SELECT
	(created_at AT TIME ZONE 'UTC')::date AS day,
	project_id,
	NULL::text AS configuration_id,
	count(*) AS jobs,
	sum(credits) AS credits,
	sum(credits) AS parse_credits,
	count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
FROM llamacloud.parse_jobs
GROUP BY 1, 2, 3;
--> statement-breakpoint
CREATE TRIGGER mark_inserted AFTER INSERT ON llamacloud.extract_jobs
REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('extract_dirty_days');
--> statement-breakpoint
CREATE TRIGGER mark_updated AFTER UPDATE ON llamacloud.extract_jobs
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('extract_dirty_days');
--> statement-breakpoint
CREATE TRIGGER mark_deleted AFTER DELETE ON llamacloud.extract_jobs
REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.mark_days_in('extract_dirty_days');
--> statement-breakpoint
CREATE TRIGGER forget_truncated AFTER TRUNCATE ON llamacloud.extract_jobs
FOR EACH STATEMENT EXECUTE FUNCTION llamacloud_sync.forget_days_in('extract_settled_costs');
--> statement-breakpoint
WITH RECURSIVE stored AS (
	SELECT min((created_at AT TIME ZONE 'UTC')::date) AS day FROM llamacloud.extract_jobs
	UNION ALL
	SELECT (
		SELECT min((job.created_at AT TIME ZONE 'UTC')::date) FROM llamacloud.extract_jobs AS job
		WHERE (job.created_at AT TIME ZONE 'UTC')::date > stored.day
	)
	FROM stored WHERE stored.day IS NOT NULL
)
INSERT INTO llamacloud_sync.extract_dirty_days (day) SELECT day FROM stored WHERE day IS NOT NULL;
--> statement-breakpoint
CREATE VIEW llamacloud_sync.extract_costs AS
SELECT
	(created_at AT TIME ZONE 'UTC')::date AS day,
	project_id,
	configuration_id AS configuration_id,
	count(*) AS jobs,
	sum(credits) AS credits,
	sum(parse_credits) AS parse_credits,
	count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
FROM llamacloud.extract_jobs
GROUP BY 1, 2, 3;
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
	SELECT settled.day, 'parse' AS list, settled.project_id, settled.configuration_id, settled.jobs, settled.credits, settled.parse_credits, settled.unbilled_jobs
	FROM llamacloud_sync.parse_settled_costs AS settled
	WHERE NOT EXISTS (SELECT FROM llamacloud_sync.parse_dirty_days AS dirty WHERE dirty.day = settled.day)
	UNION ALL
	SELECT dirty.day, 'parse' AS list, live.project_id, live.configuration_id, live.jobs, live.credits, live.parse_credits, live.unbilled_jobs
	FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.parse_dirty_days AS dirty) AS dirty
	CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.parse_costs AS live WHERE live.day = dirty.day OFFSET 0) AS live
	UNION ALL
	SELECT timeless.day, 'parse' AS list, timeless.project_id, timeless.configuration_id, timeless.jobs, timeless.credits, timeless.parse_credits, timeless.unbilled_jobs
	FROM llamacloud_sync.parse_costs AS timeless
	WHERE timeless.day IS NULL
	UNION ALL
	SELECT settled.day, 'extract' AS list, settled.project_id, settled.configuration_id, settled.jobs, settled.credits, settled.parse_credits, settled.unbilled_jobs
	FROM llamacloud_sync.extract_settled_costs AS settled
	WHERE NOT EXISTS (SELECT FROM llamacloud_sync.extract_dirty_days AS dirty WHERE dirty.day = settled.day)
	UNION ALL
	SELECT dirty.day, 'extract' AS list, live.project_id, live.configuration_id, live.jobs, live.credits, live.parse_credits, live.unbilled_jobs
	FROM (SELECT DISTINCT dirty.day FROM llamacloud_sync.extract_dirty_days AS dirty) AS dirty
	CROSS JOIN LATERAL (SELECT * FROM llamacloud_sync.extract_costs AS live WHERE live.day = dirty.day OFFSET 0) AS live
	UNION ALL
	SELECT timeless.day, 'extract' AS list, timeless.project_id, timeless.configuration_id, timeless.jobs, timeless.credits, timeless.parse_credits, timeless.unbilled_jobs
	FROM llamacloud_sync.extract_costs AS timeless
	WHERE timeless.day IS NULL
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.extract_dirty_days IS 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_dirty_days.day IS 'The day, in UTC.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_dirty_days.marked_at IS 'When it was marked, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.extract_settled_costs IS 'Stored rows of extract_costs, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_settled_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.parse_dirty_days IS 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_dirty_days.day IS 'The day, in UTC.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_dirty_days.marked_at IS 'When it was marked, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.parse_settled_costs IS 'Stored rows of parse_costs, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_settled_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.extract_costs IS 'The rows of job_costs for extract jobs, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.extract_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.parse_costs IS 'The rows of job_costs for parse jobs, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.credits IS 'Credits billed for the jobs so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.parse_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet.';
