-- I14: what readers wait for.
LOCK TABLE llamacloud.classify_job_details IN ACCESS EXCLUSIVE MODE;
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
	END AS result_label,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name,
	parse.tier AS parse_tier,
	job.credits,
	-- Of a parse job that the caller brought, no credits are billed for this one.
	coalesce(nullif(job.parse_credits, 0), parse.credits, job.parse_credits) AS parse_credits
FROM llamacloud.classify_jobs AS job
LEFT JOIN llamacloud.classify_configurations AS configuration ON configuration.hash = job.configuration_hash
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input
LEFT JOIN llamacloud.parse_jobs AS parse
	ON parse.id = coalesce(job.parse_job_id, CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END);
--> statement-breakpoint
CREATE VIEW llamacloud.parse_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.name,
	job.status,
	job.tier,
	job.error_message,
	job.user_metadata,
	job.credits,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN upper(job.status) IN ('COMPLETED', 'FAILED', 'CANCELLED')
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name
FROM llamacloud.parse_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id;
--> statement-breakpoint
CREATE VIEW llamacloud.extract_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.status,
	job.file_input,
	job.configuration_id,
	job.configuration_hash,
	job.parse_job_id,
	job.parse_tier,
	job.metadata,
	job.error_message,
	job.credits,
	job.extract_credits,
	job.parse_credits,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN upper(job.status) IN ('COMPLETED', 'FAILED', 'CANCELLED')
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name
FROM llamacloud.extract_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input;
--> statement-breakpoint
CREATE VIEW llamacloud.split_job_details AS
SELECT
	job.id,
	job.source,
	job.project_id,
	job.user_id,
	job.status,
	job.document_input_type,
	job.file_input,
	job.transaction_id,
	job.configuration_id,
	job.categories,
	job.splitting_strategy,
	job.error_message,
	job.segments,
	job.created_at,
	job.updated_at,
	job.first_seen_at,
	job.synced_at,
	job.deleted_at,
	(job.created_at AT TIME ZONE 'UTC')::date AS created_day,
	CASE
		WHEN upper(job.status) IN ('COMPLETED', 'FAILED', 'CANCELLED')
			THEN extract(epoch FROM job.updated_at - job.created_at)::double precision
	END AS duration_seconds,
	job.deleted_at IS NOT NULL AS is_deleted,
	project.name AS project_name,
	saved.name AS configuration_name,
	file.name AS file_name,
	parse.tier AS parse_tier
FROM llamacloud.split_jobs AS job
LEFT JOIN llamacloud.projects AS project ON project.id = job.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = job.configuration_id
LEFT JOIN llamacloud.files AS file ON file.id = job.file_input
LEFT JOIN llamacloud.parse_jobs AS parse ON parse.id = CASE WHEN job.document_input_type = 'parse_job_id' THEN job.file_input END;
--> statement-breakpoint
CREATE VIEW llamacloud.job_costs AS
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
		(created_at AT TIME ZONE 'UTC')::date AS day, 'classify' AS list, project_id, configuration_id AS configuration_id,
		count(*) AS jobs, sum(credits) AS credits, sum(parse_credits) AS parse_credits,
		count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
	FROM llamacloud.classify_jobs
	GROUP BY 1, 3, 4
	UNION ALL
	SELECT
		(created_at AT TIME ZONE 'UTC')::date AS day, 'parse' AS list, project_id, NULL::text AS configuration_id,
		count(*) AS jobs, sum(credits) AS credits, sum(credits) AS parse_credits,
		count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
	FROM llamacloud.parse_jobs
	GROUP BY 1, 3, 4
	UNION ALL
	SELECT
		(created_at AT TIME ZONE 'UTC')::date AS day, 'extract' AS list, project_id, configuration_id AS configuration_id,
		count(*) AS jobs, sum(credits) AS credits, sum(parse_credits) AS parse_credits,
		count(*) FILTER (WHERE status = 'COMPLETED' AND credits IS NULL) AS unbilled_jobs
	FROM llamacloud.extract_jobs
	GROUP BY 1, 3, 4
) AS cost
LEFT JOIN llamacloud.projects AS project ON project.id = cost.project_id
LEFT JOIN llamacloud.saved_configurations AS saved ON saved.id = cost.configuration_id;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.credits IS 'Credits billed for the job, parsing included. Null until they are known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.parse_credits IS 'Of these, credits for parsing the document. 0 where it was given as a parse job.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.files IS 'Names of the files that jobs were created for. Empty unless SYNC_LOOKUPS has files.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.files.id IS 'Id of the file, dfl-…, as file_input of a job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.files.name IS 'Name of the file.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.files.file_type IS 'Type of the file, such as pdf.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.files.synced_at IS 'When the row last changed here.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.projects IS 'The projects that the API key sees, by id. One that is deleted upstream keeps its row.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.projects.id IS 'Id of the project, as jobs carry it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.projects.name IS 'Name of the project.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.projects.organization_id IS 'Organization that the project belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.projects.synced_at IS 'When the row last changed here.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.saved_configurations IS 'Saved configurations by id, without what they say. One that is deleted upstream keeps its row.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.saved_configurations.id IS 'Id of the configuration, as configuration_id of a job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.saved_configurations.name IS 'Name of the configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.saved_configurations.version IS 'Version of the configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.saved_configurations.product_type IS 'What it configures, such as classify_v2 or extract_v2.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.saved_configurations.synced_at IS 'When the row last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_name IS 'Name of the saved configuration. Null where there is none, or it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.file_name IS 'Name of the file. Null unless SYNC_LOOKUPS has files.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.parse_tier IS 'Tier that the document was parsed in. Null unless the list parse is synced.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.credits IS 'Credits billed for the job, parsing included. Null until they are known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.parse_credits IS 'Credits billed for parsing the document: of these, or of the parse job that was given. Null where they are not known.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.extract_job_details IS 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.status IS 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.file_input IS 'Document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.configuration_hash IS 'Hash of the schema and options of the job: see extract_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.parse_job_id IS 'Parse job that produced the document, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.parse_tier IS 'Tier that the document was parsed with.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.metadata IS 'More about the job, such as its number of pages.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.credits IS 'Credits billed for the job, parsing included. Null until billing has recorded them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.extract_credits IS 'Credits billed for the extraction alone.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.parse_credits IS 'Credits billed for its parse job, which other jobs may share.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.created_day IS 'Day of created_at in UTC. Null when created_at is.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.duration_seconds IS 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.is_deleted IS 'Whether the job was found to be deleted upstream.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.configuration_name IS 'Name of the saved configuration. Null where there is none, or it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_details.file_name IS 'Name of the file. Null unless SYNC_LOOKUPS has files.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.job_costs IS 'Jobs and credits by UTC day, list, project and configuration, also of jobs that are gone upstream. A parse job behind others is counted with the list parse and in their parse_credits: leave one of the two out of a sum over lists.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.day IS 'Day of creation in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.list IS 'classify, parse or extract: of the other lists the API tells no credits.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.project_id IS 'Project that the jobs belong to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.configuration_id IS 'Saved configuration that the jobs were created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.configuration_name IS 'Name of the saved configuration. Null where there is none, or it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.jobs IS 'How many jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.credits IS 'Credits billed for them so far, parsing included. Null while none is known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.parse_credits IS 'Of these, credits for parsing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.job_costs.unbilled_jobs IS 'Completed jobs whose credits are not known yet: what their credits lack.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.parse_job_details IS 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.name IS 'Name of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.status IS 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.tier IS 'Tier that the document was parsed with, such as fast or agentic.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.user_metadata IS 'Keys and values that the user gave the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.credits IS 'Credits billed for the job. Null until billing has recorded them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.created_day IS 'Day of created_at in UTC. Null when created_at is.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.duration_seconds IS 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.is_deleted IS 'Whether the job was found to be deleted upstream.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_details.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.split_job_details IS 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.user_id IS 'User who created the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.status IS 'pending, processing, completed, failed or cancelled; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.document_input_type IS 'Kind of file_input: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.file_input IS 'Document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.transaction_id IS 'Idempotency key of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.categories IS 'Categories that pages can be assigned to, each {name, description}.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.splitting_strategy IS 'How to split the document.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.segments IS 'Parts that were found, each {category, confidence_category, pages}.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.created_day IS 'Day of created_at in UTC. Null when created_at is.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.duration_seconds IS 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.is_deleted IS 'Whether the job was found to be deleted upstream.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.project_name IS 'Name of the project. Null where it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.configuration_name IS 'Name of the saved configuration. Null where there is none, or it is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.file_name IS 'Name of the file. Null unless SYNC_LOOKUPS has files.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_details.parse_tier IS 'Tier that the document was parsed in. Null unless the list parse is synced.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.lookups IS 'What is read beside the jobs, by SYNC_LOOKUPS: one row for each, with when it is read again.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.lookup IS 'What is read: projects, configurations, or the files that the jobs of a table name.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.due_at IS 'When it is read again, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.reason IS 'Why it could not be read the last time. Null when it could.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.read_until IS 'Of files: synced_at of the last job whose file was asked for.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.lookups.read_id IS 'Of files: the id of that job.';
