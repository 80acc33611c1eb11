CREATE VIEW llamacloud.classify_type_costs AS
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
		CASE
			WHEN job.status = 'COMPLETED' THEN coalesce(job.result_type, 'unmatched')
			WHEN job.status = 'FAILED' THEN 'failed'
			WHEN job.status = 'CANCELLED' THEN 'cancelled'
			ELSE 'open'
		END AS result_label,
		count(*) AS jobs,
		count(job.credits) AS billed_jobs,
		count(*) FILTER (WHERE job.status = 'COMPLETED' AND job.credits IS NULL) AS unbilled_jobs,
		sum(job.credits) AS credits,
		sum(coalesce(nullif(job.parse_credits, 0), parse.credits, job.parse_credits)) FILTER (WHERE job.credits IS NOT NULL)
			AS parse_credits,
		-- 0 says that the caller brought the parse job: its credits are not among those of this one.
		sum(job.credits + CASE WHEN job.parse_credits = 0 THEN coalesce(parse.credits, 0) ELSE 0 END) AS total_credits
	FROM llamacloud.classify_jobs AS job
	LEFT JOIN llamacloud.parse_jobs AS parse
		ON parse.id = coalesce(job.parse_job_id, CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END)
	GROUP BY 1, 2, 3, 4, 5
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_costs IS 'What classify jobs cost by UTC day, project, configuration and type, also those that are gone upstream. Credits are known with SYNC_CREDITS=true, and those of parse jobs that were given where the list parse is synced. A parse job that several jobs were given counts for each of them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.configuration_name IS 'Name of the saved configuration. Null where there is none, or it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.result_type IS 'Document type. Null where no rule matched or there is no result.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.result_label IS 'The document type, or unmatched, failed, cancelled or open: never null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.billed_jobs IS 'How many of them have credits that are known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet: what the credits lack.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.credits IS 'Credits billed for the jobs, with the parsing that was part of them. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.parse_credits IS 'Credits for parsing the documents of billed jobs: part of credits, or of the parse job that was given.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.total_credits IS 'credits, and those of the parse jobs that were given.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_costs.credits_per_job IS 'total_credits / billed_jobs: what one job costs on average, parsing included.';
