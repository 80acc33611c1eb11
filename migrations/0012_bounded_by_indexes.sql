-- Each is built while others read and write, before the transaction of the rest.
CREATE INDEX CONCURRENTLY "classify_jobs_of_project" ON "llamacloud"."classify_jobs" USING btree ("project_id","created_at") WHERE deleted_at is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "classify_jobs_of_configuration" ON "llamacloud"."classify_jobs" USING btree ("configuration_id","created_at") WHERE deleted_at is null and configuration_id is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "classify_jobs_of_no_project" ON "llamacloud"."classify_jobs" USING btree ("source","created_at") WHERE deleted_at is null and nullif(project_id, '') is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "classify_jobs_gone" ON "llamacloud"."classify_jobs" USING btree ("source","created_at") WHERE deleted_at is not null;
--> statement-breakpoint
CREATE INDEX "rechecks_believable" ON "llamacloud_sync"."rechecks" USING btree ("source",(missed_again_at - missed_at)) WHERE missed_again_at is not null and gone_at is null;
--> statement-breakpoint
CREATE INDEX "rechecks_open" ON "llamacloud_sync"."rechecks" USING btree ("source","due_at") WHERE seen_at is not null and gone_at is null;
--> statement-breakpoint
CREATE INDEX "runs_running" ON "llamacloud_sync"."runs" USING btree ("source") WHERE outcome = 'running';
--> statement-breakpoint
CREATE INDEX "spans_read" ON "llamacloud_sync"."spans" USING btree ("source","read_at" NULLS FIRST);
--> statement-breakpoint
-- Every project that a source has delivered, which its index tells without reading every job; not only those of late.
INSERT INTO llamacloud_sync.source_projects (source, project_id, canaries)
WITH RECURSIVE project AS (
	SELECT min(job.project_id) AS id FROM llamacloud.classify_jobs AS job WHERE job.deleted_at IS NULL
	UNION ALL
	SELECT (
		SELECT min(job.project_id) FROM llamacloud.classify_jobs AS job
		WHERE job.deleted_at IS NULL AND job.project_id > project.id
	)
	FROM project WHERE project.id IS NOT NULL
),
latest AS (
	SELECT job.source, project.id AS project_id, job.id
	FROM project
	CROSS JOIN LATERAL (
		SELECT id, source FROM llamacloud.classify_jobs
		WHERE deleted_at IS NULL AND project_id = project.id AND created_at IS NOT NULL
		ORDER BY created_at DESC LIMIT 1000
	) AS job
	WHERE project.id <> ''
	UNION ALL
	SELECT source.name, '', job.id
	FROM llamacloud_sync.sources AS source
	CROSS JOIN LATERAL (
		SELECT id FROM llamacloud.classify_jobs
		WHERE deleted_at IS NULL AND nullif(project_id, '') IS NULL AND classify_jobs.source = source.name
			AND created_at IS NOT NULL
		ORDER BY created_at DESC LIMIT 50
	) AS job
)
SELECT source.name, latest.project_id, (array_agg(latest.id))[1:50]
FROM latest
JOIN llamacloud_sync.sources AS source ON source.name = latest.source OR latest.source = ANY (source.former_names)
GROUP BY source.name, latest.project_id
ON CONFLICT DO NOTHING;