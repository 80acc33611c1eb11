create schema llamacloud;
comment on schema llamacloud is 'LlamaCloud jobs, kept equal to the API by llamacloud-sync. For people and BI tools.';

create table llamacloud.batch_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  event text not null default 'changed'::text,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint batch_changes_pkey PRIMARY KEY (id),
  constraint batch_changes_job_id_batches_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.batches(id)
);
CREATE INDEX batch_changes_job_id ON llamacloud.batch_changes USING btree (job_id);
CREATE INDEX batch_changes_observed_at ON llamacloud.batch_changes USING btree (observed_at);
comment on table llamacloud.batch_changes is 'Observed changes of batches, one row per change. The first state is not a change.';
comment on column llamacloud.batch_changes.id is 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
comment on column llamacloud.batch_changes.job_id is 'The job that changed.';
comment on column llamacloud.batch_changes.observed_at is 'When the change was observed. It happened some time since the previous observation.';
comment on column llamacloud.batch_changes.event is 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.batch_changes.from_status is 'Status before.';
comment on column llamacloud.batch_changes.to_status is 'Status after.';
comment on column llamacloud.batch_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.batch_changes.to_updated_at is 'updated_at after.';

create table llamacloud.batches (
  id text not null,
  source text not null,
  project_id text,
  status text,
  source_directory_id text,
  job_type text,
  configuration_id text,
  created_at timestamp with time zone,
  updated_at timestamp with time zone,
  extra jsonb,
  first_seen_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint batches_pkey PRIMARY KEY (id)
);
CREATE INDEX batches_created_at ON llamacloud.batches USING btree (created_at);
CREATE INDEX batches_gone ON llamacloud.batches USING btree (source, created_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX batches_of_no_project ON llamacloud.batches USING btree (source, created_at) WHERE ((deleted_at IS NULL) AND (NULLIF(project_id, ''::text) IS NULL));
CREATE INDEX batches_of_project ON llamacloud.batches USING btree (project_id, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX batches_synced_at ON llamacloud.batches USING btree (synced_at);
comment on table llamacloud.batches is 'LlamaCloud batches, one row per batch, kept in step with the API.';
comment on column llamacloud.batches.id is 'Id of the batch, given by LlamaCloud.';
comment on column llamacloud.batches.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.batches.project_id is 'Project that the batch belongs to.';
comment on column llamacloud.batches.status is 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.batches.source_directory_id is 'Directory whose files the batch processes.';
comment on column llamacloud.batches.job_type is 'Job run on each file: parse_v2 or extract_v2.';
comment on column llamacloud.batches.configuration_id is 'Configuration of the jobs of the batch.';
comment on column llamacloud.batches.created_at is 'When the batch was created, by the clock of LlamaCloud.';
comment on column llamacloud.batches.updated_at is 'When the batch last changed, by the clock of LlamaCloud.';
comment on column llamacloud.batches.extra is 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
comment on column llamacloud.batches.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.batches.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.batches.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';

create table llamacloud.classify_configurations (
  hash text not null,
  mode text,
  lang text,
  max_pages integer,
  target_pages text,
  rule_count integer,
  document jsonb not null,
  first_seen_at timestamp with time zone not null,
  constraint classify_configurations_pkey PRIMARY KEY (hash)
);
comment on table llamacloud.classify_configurations is 'Distinct configurations of jobs. Thousands of jobs share one.';
comment on column llamacloud.classify_configurations.hash is 'SHA-256 of the configuration as canonical JSON.';
comment on column llamacloud.classify_configurations.mode is 'Execution mode, such as FAST.';
comment on column llamacloud.classify_configurations.lang is 'Language of the documents, as an ISO 639-1 code.';
comment on column llamacloud.classify_configurations.max_pages is 'Maximum number of pages read per document. Null means all.';
comment on column llamacloud.classify_configurations.target_pages is 'Pages read per document, such as 1,3,5-7. Null means all.';
comment on column llamacloud.classify_configurations.rule_count is 'Number of rules in the configuration.';
comment on column llamacloud.classify_configurations.document is 'Whole configuration as received.';
comment on column llamacloud.classify_configurations.first_seen_at is 'When the configuration was first stored in this database.';

create table llamacloud.classify_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  from_status text,
  to_status text,
  from_result_type text,
  to_result_type text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  event text not null default 'changed'::text,
  from_result_confidence double precision,
  to_result_confidence double precision,
  constraint classify_job_changes_pkey PRIMARY KEY (id),
  constraint classify_job_changes_job_id_classify_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.classify_jobs(id)
);
CREATE INDEX classify_job_changes_job_id ON llamacloud.classify_job_changes USING btree (job_id);
CREATE INDEX classify_job_changes_observed_at ON llamacloud.classify_job_changes USING btree (observed_at);
comment on table llamacloud.classify_job_changes is 'Observed changes of classify jobs, one row per change. The first state is not a change.';
comment on column llamacloud.classify_job_changes.id is 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
comment on column llamacloud.classify_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.classify_job_changes.observed_at is 'When the change was observed. It happened some time since the previous observation.';
comment on column llamacloud.classify_job_changes.from_status is 'Status before.';
comment on column llamacloud.classify_job_changes.to_status is 'Status after.';
comment on column llamacloud.classify_job_changes.from_result_type is 'Result type before.';
comment on column llamacloud.classify_job_changes.to_result_type is 'Result type after.';
comment on column llamacloud.classify_job_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.classify_job_changes.to_updated_at is 'updated_at after.';
comment on column llamacloud.classify_job_changes.event is 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.classify_job_changes.from_result_confidence is 'Confidence before.';
comment on column llamacloud.classify_job_changes.to_result_confidence is 'Confidence after.';

create table llamacloud.classify_jobs (
  id text not null,
  source text not null,
  project_id text,
  user_id text,
  status text,
  document_input_type text,
  file_input text,
  parse_job_id text,
  transaction_id text,
  configuration_id text,
  configuration_hash text,
  error_message text,
  result_type text,
  result_confidence double precision,
  result_reasoning text,
  created_at timestamp with time zone,
  updated_at timestamp with time zone,
  extra jsonb,
  first_seen_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  credits double precision,
  parse_credits double precision,
  constraint classify_jobs_pkey PRIMARY KEY (id),
  constraint classify_jobs_configuration_hash_classify_configurations_hash_f FOREIGN KEY (configuration_hash) REFERENCES llamacloud.classify_configurations(hash)
);
CREATE INDEX classify_jobs_created_at ON llamacloud.classify_jobs USING btree (created_at);
CREATE INDEX classify_jobs_created_day ON llamacloud.classify_jobs USING btree ((((created_at AT TIME ZONE 'UTC'::text))::date));
CREATE INDEX classify_jobs_failed ON llamacloud.classify_jobs USING btree (created_at) WHERE (status = 'FAILED'::text);
CREATE INDEX classify_jobs_gone ON llamacloud.classify_jobs USING btree (source, created_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX classify_jobs_of_configuration ON llamacloud.classify_jobs USING btree (configuration_id, created_at) WHERE ((deleted_at IS NULL) AND (configuration_id IS NOT NULL));
CREATE INDEX classify_jobs_of_no_project ON llamacloud.classify_jobs USING btree (source, created_at) WHERE ((deleted_at IS NULL) AND (NULLIF(project_id, ''::text) IS NULL));
CREATE INDEX classify_jobs_of_project ON llamacloud.classify_jobs USING btree (project_id, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX classify_jobs_synced_at ON llamacloud.classify_jobs USING btree (synced_at);
CREATE INDEX classify_jobs_to_review ON llamacloud.classify_jobs USING btree (created_at DESC NULLS LAST, (
CASE
    WHEN (result_type IS NULL) THEN (0)::double precision
    ELSE result_confidence
END)) WHERE ((upper((status COLLATE "C")) = 'COMPLETED'::text) AND (deleted_at IS NULL));
comment on table llamacloud.classify_jobs is 'LlamaCloud classify jobs, one row per job, kept in step with the API.';
comment on column llamacloud.classify_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_jobs.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.classify_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_jobs.user_id is 'User who created the job.';
comment on column llamacloud.classify_jobs.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.classify_jobs.document_input_type is 'Kind of file_input: url, file_id or parse_job_id.';
comment on column llamacloud.classify_jobs.file_input is 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_jobs.parse_job_id is 'Parse job that produced the document, if any.';
comment on column llamacloud.classify_jobs.transaction_id is 'Idempotency key of the job, if any.';
comment on column llamacloud.classify_jobs.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.classify_jobs.configuration_hash is 'Hash of the rules and options of the job: see classify_configurations.';
comment on column llamacloud.classify_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.classify_jobs.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_jobs.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_jobs.result_reasoning is 'Explanation of why the document matched, or did not.';
comment on column llamacloud.classify_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.classify_jobs.extra is 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
comment on column llamacloud.classify_jobs.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.classify_jobs.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.classify_jobs.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';
comment on column llamacloud.classify_jobs.credits is 'Credits billed for the job, parsing included. Null until they are known.';
comment on column llamacloud.classify_jobs.parse_credits is 'Of these, credits for parsing the document. 0 where it was given as a parse job.';

create table llamacloud.classify_rules (
  configuration_hash text not null,
  position integer not null,
  type text,
  description text,
  constraint classify_rules_configuration_hash_position_pk PRIMARY KEY (configuration_hash, "position"),
  constraint classify_rules_configuration_hash_classify_configurations_hash_ FOREIGN KEY (configuration_hash) REFERENCES llamacloud.classify_configurations(hash)
);
comment on table llamacloud.classify_rules is 'Rules of each configuration.';
comment on column llamacloud.classify_rules.configuration_hash is 'Configuration that the rule belongs to.';
comment on column llamacloud.classify_rules.position is 'Position of the rule in its configuration, from 0.';
comment on column llamacloud.classify_rules.type is 'Document type that the rule assigns.';
comment on column llamacloud.classify_rules.description is 'Description of the documents that the rule matches.';

create table llamacloud.extract_configurations (
  hash text not null,
  document jsonb not null,
  first_seen_at timestamp with time zone not null,
  constraint extract_configurations_pkey PRIMARY KEY (hash)
);
comment on table llamacloud.extract_configurations is 'Distinct configurations of extract jobs. Thousands of jobs share one.';
comment on column llamacloud.extract_configurations.hash is 'SHA-256 of the configuration as canonical JSON.';
comment on column llamacloud.extract_configurations.document is 'Whole configuration as received.';
comment on column llamacloud.extract_configurations.first_seen_at is 'When the configuration was first stored in this database.';

create table llamacloud.extract_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  event text not null default 'changed'::text,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint extract_job_changes_pkey PRIMARY KEY (id),
  constraint extract_job_changes_job_id_extract_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.extract_jobs(id)
);
CREATE INDEX extract_job_changes_job_id ON llamacloud.extract_job_changes USING btree (job_id);
CREATE INDEX extract_job_changes_observed_at ON llamacloud.extract_job_changes USING btree (observed_at);
comment on table llamacloud.extract_job_changes is 'Observed changes of extract jobs, one row per change. The first state is not a change.';
comment on column llamacloud.extract_job_changes.id is 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
comment on column llamacloud.extract_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.extract_job_changes.observed_at is 'When the change was observed. It happened some time since the previous observation.';
comment on column llamacloud.extract_job_changes.event is 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.extract_job_changes.from_status is 'Status before.';
comment on column llamacloud.extract_job_changes.to_status is 'Status after.';
comment on column llamacloud.extract_job_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.extract_job_changes.to_updated_at is 'updated_at after.';

create table llamacloud.extract_jobs (
  id text not null,
  source text not null,
  project_id text,
  status text,
  file_input text,
  configuration_id text,
  configuration_hash text,
  parse_job_id text,
  parse_tier text,
  metadata jsonb,
  error_message text,
  credits double precision,
  extract_credits double precision,
  parse_credits double precision,
  created_at timestamp with time zone,
  updated_at timestamp with time zone,
  extra jsonb,
  first_seen_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint extract_jobs_pkey PRIMARY KEY (id),
  constraint extract_jobs_configuration_hash_extract_configurations_hash_fk FOREIGN KEY (configuration_hash) REFERENCES llamacloud.extract_configurations(hash)
);
CREATE INDEX extract_jobs_created_at ON llamacloud.extract_jobs USING btree (created_at);
CREATE INDEX extract_jobs_created_day ON llamacloud.extract_jobs USING btree ((((created_at AT TIME ZONE 'UTC'::text))::date));
CREATE INDEX extract_jobs_gone ON llamacloud.extract_jobs USING btree (source, created_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX extract_jobs_of_configuration ON llamacloud.extract_jobs USING btree (configuration_id, created_at) WHERE ((deleted_at IS NULL) AND (configuration_id IS NOT NULL));
CREATE INDEX extract_jobs_of_no_project ON llamacloud.extract_jobs USING btree (source, created_at) WHERE ((deleted_at IS NULL) AND (NULLIF(project_id, ''::text) IS NULL));
CREATE INDEX extract_jobs_of_project ON llamacloud.extract_jobs USING btree (project_id, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX extract_jobs_synced_at ON llamacloud.extract_jobs USING btree (synced_at);
comment on table llamacloud.extract_jobs is 'LlamaCloud extract jobs, one row per job, kept in step with the API. What was extracted is not stored.';
comment on column llamacloud.extract_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.extract_jobs.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.extract_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.extract_jobs.status is 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.extract_jobs.file_input is 'Document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.extract_jobs.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.extract_jobs.configuration_hash is 'Hash of the schema and options of the job: see extract_configurations.';
comment on column llamacloud.extract_jobs.parse_job_id is 'Parse job that produced the document, if any.';
comment on column llamacloud.extract_jobs.parse_tier is 'Tier that the document was parsed with.';
comment on column llamacloud.extract_jobs.metadata is 'More about the job, such as its number of pages.';
comment on column llamacloud.extract_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.extract_jobs.credits is 'Credits billed for the job, parsing included. Null until billing has recorded them.';
comment on column llamacloud.extract_jobs.extract_credits is 'Credits billed for the extraction alone.';
comment on column llamacloud.extract_jobs.parse_credits is 'Credits billed for its parse job, which other jobs may share.';
comment on column llamacloud.extract_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.extract_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.extract_jobs.extra is 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
comment on column llamacloud.extract_jobs.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.extract_jobs.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.extract_jobs.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';

create table llamacloud.files (
  id text not null,
  name text,
  file_type text,
  synced_at timestamp with time zone not null,
  constraint files_pkey PRIMARY KEY (id)
);
comment on table llamacloud.files is 'Names of the files that jobs were created for. Empty unless SYNC_LOOKUPS has files.';
comment on column llamacloud.files.id is 'Id of the file, dfl-…, as file_input of a job.';
comment on column llamacloud.files.name is 'Name of the file.';
comment on column llamacloud.files.file_type is 'Type of the file, such as pdf.';
comment on column llamacloud.files.synced_at is 'When the row last changed here.';

create table llamacloud.parse_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  event text not null default 'changed'::text,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint parse_job_changes_pkey PRIMARY KEY (id),
  constraint parse_job_changes_job_id_parse_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.parse_jobs(id)
);
CREATE INDEX parse_job_changes_job_id ON llamacloud.parse_job_changes USING btree (job_id);
CREATE INDEX parse_job_changes_observed_at ON llamacloud.parse_job_changes USING btree (observed_at);
comment on table llamacloud.parse_job_changes is 'Observed changes of parse jobs, one row per change. The first state is not a change.';
comment on column llamacloud.parse_job_changes.id is 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
comment on column llamacloud.parse_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.parse_job_changes.observed_at is 'When the change was observed. It happened some time since the previous observation.';
comment on column llamacloud.parse_job_changes.event is 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.parse_job_changes.from_status is 'Status before.';
comment on column llamacloud.parse_job_changes.to_status is 'Status after.';
comment on column llamacloud.parse_job_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.parse_job_changes.to_updated_at is 'updated_at after.';

create table llamacloud.parse_jobs (
  id text not null,
  source text not null,
  project_id text,
  status text,
  name text,
  tier text,
  user_metadata jsonb,
  error_message text,
  credits double precision,
  created_at timestamp with time zone,
  updated_at timestamp with time zone,
  extra jsonb,
  first_seen_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint parse_jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX parse_jobs_created_at ON llamacloud.parse_jobs USING btree (created_at);
CREATE INDEX parse_jobs_created_day ON llamacloud.parse_jobs USING btree ((((created_at AT TIME ZONE 'UTC'::text))::date));
CREATE INDEX parse_jobs_gone ON llamacloud.parse_jobs USING btree (source, created_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX parse_jobs_of_no_project ON llamacloud.parse_jobs USING btree (source, created_at) WHERE ((deleted_at IS NULL) AND (NULLIF(project_id, ''::text) IS NULL));
CREATE INDEX parse_jobs_of_project ON llamacloud.parse_jobs USING btree (project_id, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX parse_jobs_synced_at ON llamacloud.parse_jobs USING btree (synced_at);
comment on table llamacloud.parse_jobs is 'LlamaCloud parse jobs, one row per job, kept in step with the API.';
comment on column llamacloud.parse_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.parse_jobs.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.parse_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.parse_jobs.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.parse_jobs.name is 'Name of the job, if any.';
comment on column llamacloud.parse_jobs.tier is 'Tier that the document was parsed with, such as fast or agentic.';
comment on column llamacloud.parse_jobs.user_metadata is 'Keys and values that the user gave the job, if any.';
comment on column llamacloud.parse_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.parse_jobs.credits is 'Credits billed for the job. Null until billing has recorded them.';
comment on column llamacloud.parse_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.parse_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.parse_jobs.extra is 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
comment on column llamacloud.parse_jobs.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.parse_jobs.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.parse_jobs.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';

create table llamacloud.projects (
  id text not null,
  name text,
  organization_id text,
  synced_at timestamp with time zone not null,
  constraint projects_pkey PRIMARY KEY (id)
);
comment on table llamacloud.projects is 'The projects that the API key sees, by id. One that is deleted upstream keeps its row.';
comment on column llamacloud.projects.id is 'Id of the project, as jobs carry it.';
comment on column llamacloud.projects.name is 'Name of the project.';
comment on column llamacloud.projects.organization_id is 'Organization that the project belongs to.';
comment on column llamacloud.projects.synced_at is 'When the row last changed here.';

create table llamacloud.saved_configurations (
  id text not null,
  name text,
  version text,
  product_type text,
  synced_at timestamp with time zone not null,
  constraint saved_configurations_pkey PRIMARY KEY (id)
);
comment on table llamacloud.saved_configurations is 'Saved configurations by id, without what they say. One that is deleted upstream keeps its row.';
comment on column llamacloud.saved_configurations.id is 'Id of the configuration, as configuration_id of a job.';
comment on column llamacloud.saved_configurations.name is 'Name of the configuration.';
comment on column llamacloud.saved_configurations.version is 'Version of the configuration.';
comment on column llamacloud.saved_configurations.product_type is 'What it configures, such as classify_v2 or extract_v2.';
comment on column llamacloud.saved_configurations.synced_at is 'When the row last changed here.';

create table llamacloud.split_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  event text not null default 'changed'::text,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint split_job_changes_pkey PRIMARY KEY (id),
  constraint split_job_changes_job_id_split_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.split_jobs(id)
);
CREATE INDEX split_job_changes_job_id ON llamacloud.split_job_changes USING btree (job_id);
CREATE INDEX split_job_changes_observed_at ON llamacloud.split_job_changes USING btree (observed_at);
comment on table llamacloud.split_job_changes is 'Observed changes of split jobs, one row per change. The first state is not a change.';
comment on column llamacloud.split_job_changes.id is 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
comment on column llamacloud.split_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.split_job_changes.observed_at is 'When the change was observed. It happened some time since the previous observation.';
comment on column llamacloud.split_job_changes.event is 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.split_job_changes.from_status is 'Status before.';
comment on column llamacloud.split_job_changes.to_status is 'Status after.';
comment on column llamacloud.split_job_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.split_job_changes.to_updated_at is 'updated_at after.';

create table llamacloud.split_jobs (
  id text not null,
  source text not null,
  project_id text,
  user_id text,
  status text,
  document_input_type text,
  file_input text,
  transaction_id text,
  configuration_id text,
  categories jsonb,
  splitting_strategy jsonb,
  error_message text,
  segments jsonb,
  created_at timestamp with time zone,
  updated_at timestamp with time zone,
  extra jsonb,
  first_seen_at timestamp with time zone not null,
  synced_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  constraint split_jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX split_jobs_created_at ON llamacloud.split_jobs USING btree (created_at);
CREATE INDEX split_jobs_gone ON llamacloud.split_jobs USING btree (source, created_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX split_jobs_of_no_project ON llamacloud.split_jobs USING btree (source, created_at) WHERE ((deleted_at IS NULL) AND (NULLIF(project_id, ''::text) IS NULL));
CREATE INDEX split_jobs_of_project ON llamacloud.split_jobs USING btree (project_id, created_at) WHERE (deleted_at IS NULL);
CREATE INDEX split_jobs_synced_at ON llamacloud.split_jobs USING btree (synced_at);
comment on table llamacloud.split_jobs is 'LlamaCloud split jobs, one row per job, kept in step with the API.';
comment on column llamacloud.split_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.split_jobs.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.split_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.split_jobs.user_id is 'User who created the job.';
comment on column llamacloud.split_jobs.status is 'pending, processing, completed, failed or cancelled; the API may add others.';
comment on column llamacloud.split_jobs.document_input_type is 'Kind of file_input: url, file_id or parse_job_id.';
comment on column llamacloud.split_jobs.file_input is 'Document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.split_jobs.transaction_id is 'Idempotency key of the job, if any.';
comment on column llamacloud.split_jobs.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.split_jobs.categories is 'Categories that pages can be assigned to, each {name, description}.';
comment on column llamacloud.split_jobs.splitting_strategy is 'How to split the document.';
comment on column llamacloud.split_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.split_jobs.segments is 'Parts that were found, each {category, confidence_category, pages}.';
comment on column llamacloud.split_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.split_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.split_jobs.extra is 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
comment on column llamacloud.split_jobs.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.split_jobs.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.split_jobs.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';

create table llamacloud.usage_metrics (
  id text not null,
  organization_id text,
  project_id text,
  day date,
  event_type text,
  event_aggregation_type text,
  event_aggregation_key text,
  value double precision,
  credits double precision,
  synced_at timestamp with time zone not null,
  constraint usage_metrics_pkey PRIMARY KEY (id)
);
CREATE INDEX usage_metrics_day ON llamacloud.usage_metrics USING btree (day);
CREATE INDEX usage_metrics_key ON llamacloud.usage_metrics USING hash (event_aggregation_key);
comment on table llamacloud.usage_metrics is 'Usage of the organization as it is billed, by day and job. Empty unless SYNC_LOOKUPS has usage and LLAMA_CLOUD_ORGANIZATION_ID is set. The latest days may still change.';
comment on column llamacloud.usage_metrics.id is 'Id of the metric, given by LlamaCloud.';
comment on column llamacloud.usage_metrics.organization_id is 'Organization that is billed.';
comment on column llamacloud.usage_metrics.project_id is 'Project that it was used in.';
comment on column llamacloud.usage_metrics.day is 'Day of the usage in UTC.';
comment on column llamacloud.usage_metrics.event_type is 'What was used, such as pages_parsed or pages_classified.';
comment on column llamacloud.usage_metrics.event_aggregation_type is 'Kind of what it was used for, such as pdf.';
comment on column llamacloud.usage_metrics.event_aggregation_key is 'What it was used for: the id of a job or of a file.';
comment on column llamacloud.usage_metrics.value is 'How much was used, in the unit of event_type.';
comment on column llamacloud.usage_metrics.credits is 'Credits billed for it. Null while none are known.';
comment on column llamacloud.usage_metrics.synced_at is 'When the row last changed here.';

create view llamacloud.classify_daily as
  -- day date
  -- project_id text
  -- outcome text
  -- result_type text
  -- jobs bigint
  -- confidence_mean double precision
  -- confidence_p10 double precision
  -- confidence_p50 double precision
  -- duration_mean_seconds double precision
  -- duration_p50_seconds double precision
  -- duration_p95_seconds double precision
  -- result_label text
 SELECT settled.day,
    settled.project_id,
    settled.outcome,
    settled.result_type,
    settled.jobs,
    settled.confidence_mean,
    settled.confidence_p10,
    settled.confidence_p50,
    settled.duration_mean_seconds,
    settled.duration_p50_seconds,
    settled.duration_p95_seconds,
        CASE
            WHEN (settled.outcome = 'matched'::text) THEN settled.result_type
            ELSE settled.outcome
        END AS result_label
   FROM llamacloud_sync.classify_settled_days settled
  WHERE (NOT (EXISTS ( SELECT
           FROM llamacloud_sync.classify_dirty_days dirty
          WHERE (dirty.day = settled.day))))
UNION ALL
 SELECT dirty.day,
    live.project_id,
    live.outcome,
    live.result_type,
    live.jobs,
    live.confidence_mean,
    live.confidence_p10,
    live.confidence_p50,
    live.duration_mean_seconds,
    live.duration_p50_seconds,
    live.duration_p95_seconds,
        CASE
            WHEN (live.outcome = 'matched'::text) THEN live.result_type
            ELSE live.outcome
        END AS result_label
   FROM (( SELECT DISTINCT dirty_1.day
           FROM llamacloud_sync.classify_dirty_days dirty_1) dirty
     CROSS JOIN LATERAL ( SELECT live_1.day,
            live_1.project_id,
            live_1.outcome,
            live_1.result_type,
            live_1.jobs,
            live_1.confidence_mean,
            live_1.confidence_p10,
            live_1.confidence_p50,
            live_1.duration_mean_seconds,
            live_1.duration_p50_seconds,
            live_1.duration_p95_seconds
           FROM llamacloud_sync.classify_exact live_1
          WHERE (live_1.day = dirty.day)
         OFFSET 0) live)
UNION ALL
 SELECT timeless.day,
    timeless.project_id,
    timeless.outcome,
    timeless.result_type,
    timeless.jobs,
    timeless.confidence_mean,
    timeless.confidence_p10,
    timeless.confidence_p50,
    timeless.duration_mean_seconds,
    timeless.duration_p50_seconds,
    timeless.duration_p95_seconds,
        CASE
            WHEN (timeless.outcome = 'matched'::text) THEN timeless.result_type
            ELSE timeless.outcome
        END AS result_label
   FROM llamacloud_sync.classify_exact timeless
  WHERE (timeless.day IS NULL);
comment on view llamacloud.classify_daily is 'Jobs by UTC day, project, outcome and type, including jobs deleted upstream. Means and percentiles are per day; for longer periods use classify_statistics, whose columns can be summed.';
comment on column llamacloud.classify_daily.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_daily.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_daily.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud.classify_daily.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud.classify_daily.jobs is 'Number of jobs.';
comment on column llamacloud.classify_daily.confidence_mean is 'Mean confidence, 0 to 1. Null if no job has one.';
comment on column llamacloud.classify_daily.confidence_p10 is '10th percentile of confidence.';
comment on column llamacloud.classify_daily.confidence_p50 is 'Median confidence.';
comment on column llamacloud.classify_daily.duration_mean_seconds is 'Mean time from creation to the end, in seconds. Null for open jobs.';
comment on column llamacloud.classify_daily.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud.classify_daily.duration_p95_seconds is '95th percentile of the time from creation to the end, in seconds.';
comment on column llamacloud.classify_daily.result_label is 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';

create view llamacloud.classify_daily_failures as
  -- day date
  -- source text
  -- project_id text
  -- configuration_id text
  -- configuration_hash text
  -- error text
  -- jobs bigint
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- example_job_id text
 SELECT settled.day,
    settled.source,
    settled.project_id,
    settled.configuration_id,
    settled.configuration_hash,
    settled.error,
    settled.jobs,
    settled.first_job_at,
    settled.last_job_at,
    settled.example_job_id
   FROM llamacloud_sync.classify_settled_errors settled
  WHERE (NOT (EXISTS ( SELECT
           FROM llamacloud_sync.classify_dirty_days dirty
          WHERE (dirty.day = settled.day))))
UNION ALL
 SELECT dirty.day,
    live.source,
    live.project_id,
    live.configuration_id,
    live.configuration_hash,
    live.error,
    live.jobs,
    live.first_job_at,
    live.last_job_at,
    live.example_job_id
   FROM (( SELECT DISTINCT dirty_1.day
           FROM llamacloud_sync.classify_dirty_days dirty_1) dirty
     CROSS JOIN LATERAL ( SELECT live_1.day,
            live_1.source,
            live_1.project_id,
            live_1.configuration_id,
            live_1.configuration_hash,
            live_1.error,
            live_1.jobs,
            live_1.first_job_at,
            live_1.last_job_at,
            live_1.example_job_id
           FROM llamacloud_sync.classify_errors live_1
          WHERE (live_1.day = dirty.day)
         OFFSET 0) live)
UNION ALL
 SELECT timeless.day,
    timeless.source,
    timeless.project_id,
    timeless.configuration_id,
    timeless.configuration_hash,
    timeless.error,
    timeless.jobs,
    timeless.first_job_at,
    timeless.last_job_at,
    timeless.example_job_id
   FROM llamacloud_sync.classify_errors timeless
  WHERE (timeless.day IS NULL);
comment on view llamacloud.classify_daily_failures is 'Failed jobs by UTC day, source, project, configuration and cause. Like classify_failures, for any period.';
comment on column llamacloud.classify_daily_failures.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_daily_failures.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_daily_failures.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_daily_failures.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud.classify_daily_failures.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud.classify_daily_failures.error is 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
comment on column llamacloud.classify_daily_failures.jobs is 'Number of jobs that failed with it.';
comment on column llamacloud.classify_daily_failures.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud.classify_daily_failures.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud.classify_daily_failures.example_job_id is 'One of these jobs. Its error_message in classify_jobs is not masked.';

create view llamacloud.classify_failures as
  -- error text
  -- jobs bigint
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- example_job_id text
 SELECT error,
    (sum(jobs))::bigint AS jobs,
    min(first_job_at) AS first_job_at,
    max(last_job_at) AS last_job_at,
    max(example_job_id) AS example_job_id
   FROM llamacloud.classify_daily_failures failure
  GROUP BY error;
comment on view llamacloud.classify_failures is 'Failed jobs by cause, including jobs deleted upstream. Error messages that differ only in ids and numbers count as one cause. For a period use classify_daily_failures.';
comment on column llamacloud.classify_failures.error is 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
comment on column llamacloud.classify_failures.jobs is 'Number of jobs that failed with it.';
comment on column llamacloud.classify_failures.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud.classify_failures.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud.classify_failures.example_job_id is 'One of these jobs. Its error_message in classify_jobs is not masked.';

create view llamacloud.classify_histograms as
  -- day date
  -- source text
  -- project_id text
  -- all_configurations boolean
  -- configuration_id text
  -- configuration_hash text
  -- outcome text
  -- result_type text
  -- confidence_histogram integer[]
  -- duration_histogram integer[]
 SELECT settled.day,
    settled.source,
    settled.project_id,
    settled.all_configurations,
    settled.configuration_id,
    settled.configuration_hash,
    settled.outcome,
    settled.result_type,
    settled.confidence_histogram,
    settled.duration_histogram
   FROM llamacloud_sync.classify_settled_spreads settled
  WHERE (NOT (EXISTS ( SELECT
           FROM llamacloud_sync.classify_dirty_days dirty
          WHERE (dirty.day = settled.day))))
UNION ALL
 SELECT dirty.day,
    live.source,
    live.project_id,
    part.all_configurations,
    live.configuration_id,
    live.configuration_hash,
    live.outcome,
    live.result_type,
    live.confidence_histogram,
    live.duration_histogram
   FROM ((( SELECT DISTINCT dirty_1.day
           FROM llamacloud_sync.classify_dirty_days dirty_1) dirty
     CROSS JOIN ( VALUES (true), (false)) part(all_configurations))
     CROSS JOIN LATERAL ( SELECT live_1.day,
            live_1.source,
            live_1.project_id,
            live_1.all_configurations,
            live_1.configuration_id,
            live_1.configuration_hash,
            live_1.outcome,
            live_1.result_type,
            live_1.confidence_histogram,
            live_1.duration_histogram
           FROM llamacloud_sync.classify_spreads live_1
          WHERE ((live_1.day = dirty.day) AND (live_1.all_configurations = part.all_configurations))
         OFFSET 0) live)
UNION ALL
 SELECT timeless.day,
    timeless.source,
    timeless.project_id,
    timeless.all_configurations,
    timeless.configuration_id,
    timeless.configuration_hash,
    timeless.outcome,
    timeless.result_type,
    timeless.confidence_histogram,
    timeless.duration_histogram
   FROM llamacloud_sync.classify_spreads timeless
  WHERE (timeless.day IS NULL);
comment on view llamacloud.classify_histograms is 'Histograms of confidence and duration. The counts can be summed; classify_type_stats_between computes percentiles from them.';
comment on column llamacloud.classify_histograms.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_histograms.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_histograms.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_histograms.all_configurations is 'Whether the row covers all configurations. Use either these rows or the others, not both.';
comment on column llamacloud.classify_histograms.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud.classify_histograms.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud.classify_histograms.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud.classify_histograms.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud.classify_histograms.confidence_histogram is 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
comment on column llamacloud.classify_histograms.duration_histogram is 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';

create view llamacloud.classify_job_details as
  -- id text
  -- source text
  -- project_id text
  -- user_id text
  -- status text
  -- outcome text
  -- result_type text
  -- result_confidence double precision
  -- result_reasoning text
  -- error_message text
  -- created_at timestamp with time zone
  -- updated_at timestamp with time zone
  -- created_day date
  -- duration_seconds double precision
  -- document_input_type text
  -- file_input text
  -- parse_job_id text
  -- transaction_id text
  -- configuration_id text
  -- configuration_hash text
  -- configuration_mode text
  -- configuration_lang text
  -- configuration_max_pages integer
  -- configuration_target_pages text
  -- configuration_rule_count integer
  -- first_seen_at timestamp with time zone
  -- synced_at timestamp with time zone
  -- deleted_at timestamp with time zone
  -- is_deleted boolean
  -- result_label text
  -- project_name text
  -- configuration_name text
  -- file_name text
  -- parse_tier text
  -- credits double precision
  -- parse_credits double precision
 SELECT job.id,
    job.source,
    job.project_id,
    job.user_id,
    job.status,
        CASE upper((job.status COLLATE "C"))
            WHEN 'COMPLETED'::text THEN
            CASE
                WHEN (job.result_type IS NULL) THEN 'unmatched'::text
                ELSE 'matched'::text
            END
            WHEN 'FAILED'::text THEN 'failed'::text
            WHEN 'CANCELLED'::text THEN 'cancelled'::text
            ELSE 'open'::text
        END AS outcome,
    job.result_type,
    job.result_confidence,
    job.result_reasoning,
    job.error_message,
    job.created_at,
    job.updated_at,
    ((job.created_at AT TIME ZONE 'UTC'::text))::date AS created_day,
        CASE
            WHEN ((upper((job.status COLLATE "C")) = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) AND isfinite(job.created_at) AND isfinite(job.updated_at)) THEN (EXTRACT(epoch FROM (job.updated_at - job.created_at)))::double precision
            ELSE NULL::double precision
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
    (job.deleted_at IS NOT NULL) AS is_deleted,
        CASE upper((job.status COLLATE "C"))
            WHEN 'COMPLETED'::text THEN COALESCE(job.result_type, 'unmatched'::text)
            WHEN 'FAILED'::text THEN 'failed'::text
            WHEN 'CANCELLED'::text THEN 'cancelled'::text
            ELSE 'open'::text
        END AS result_label,
    project.name AS project_name,
    saved.name AS configuration_name,
    file.name AS file_name,
    parse.tier AS parse_tier,
    job.credits,
    COALESCE(NULLIF(job.parse_credits, (0)::double precision), parse.credits, job.parse_credits) AS parse_credits
   FROM (((((llamacloud.classify_jobs job
     LEFT JOIN llamacloud.classify_configurations configuration ON ((configuration.hash = job.configuration_hash)))
     LEFT JOIN llamacloud.projects project ON ((project.id = job.project_id)))
     LEFT JOIN llamacloud.saved_configurations saved ON ((saved.id = job.configuration_id)))
     LEFT JOIN llamacloud.files file ON ((file.id = job.file_input)))
     LEFT JOIN llamacloud.parse_jobs parse ON ((parse.id = COALESCE(job.parse_job_id,
        CASE
            WHEN (job.document_input_type = 'parse_job_id'::text) THEN job.file_input
            ELSE NULL::text
        END))));
comment on view llamacloud.classify_job_details is 'One row per job, with its outcome, duration and configuration. Jobs deleted upstream are included, with their last known outcome.';
comment on column llamacloud.classify_job_details.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_job_details.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.classify_job_details.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_job_details.user_id is 'User who created the job.';
comment on column llamacloud.classify_job_details.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.classify_job_details.outcome is 'matched or unmatched (completed with or without a type), failed, cancelled, or open (any other status). For a job deleted upstream: its outcome when it was last seen.';
comment on column llamacloud.classify_job_details.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_job_details.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_job_details.result_reasoning is 'Explanation of why the document matched, or did not.';
comment on column llamacloud.classify_job_details.error_message is 'Why the job failed.';
comment on column llamacloud.classify_job_details.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_job_details.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.classify_job_details.created_day is 'Day of created_at, in UTC. Null if created_at is null.';
comment on column llamacloud.classify_job_details.duration_seconds is 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
comment on column llamacloud.classify_job_details.document_input_type is 'Kind of file_input: url, file_id or parse_job_id.';
comment on column llamacloud.classify_job_details.file_input is 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_job_details.parse_job_id is 'Parse job that produced the document, if any.';
comment on column llamacloud.classify_job_details.transaction_id is 'Idempotency key of the job, if any.';
comment on column llamacloud.classify_job_details.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.classify_job_details.configuration_hash is 'Hash of the rules and options of the job: see classify_configurations.';
comment on column llamacloud.classify_job_details.configuration_mode is 'Execution mode, such as FAST.';
comment on column llamacloud.classify_job_details.configuration_lang is 'Language of the documents, as an ISO 639-1 code.';
comment on column llamacloud.classify_job_details.configuration_max_pages is 'Maximum number of pages read per document. Null means all.';
comment on column llamacloud.classify_job_details.configuration_target_pages is 'Pages read per document, such as 1,3,5-7. Null means all.';
comment on column llamacloud.classify_job_details.configuration_rule_count is 'Number of rules in the configuration.';
comment on column llamacloud.classify_job_details.first_seen_at is 'When the job was first stored in this database.';
comment on column llamacloud.classify_job_details.synced_at is 'When the stored row last changed in this database.';
comment on column llamacloud.classify_job_details.deleted_at is 'When the job was found to be deleted upstream. Null if it was not.';
comment on column llamacloud.classify_job_details.is_deleted is 'Whether the job was found to be deleted upstream.';
comment on column llamacloud.classify_job_details.result_label is 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
comment on column llamacloud.classify_job_details.project_name is 'Name of the project. Null where it is not known.';
comment on column llamacloud.classify_job_details.configuration_name is 'Name of the saved configuration. Null where there is none, or it is not known.';
comment on column llamacloud.classify_job_details.file_name is 'Name of the file. Null unless SYNC_LOOKUPS has files.';
comment on column llamacloud.classify_job_details.parse_tier is 'Tier that the document was parsed in. Null unless the list parse is synced.';
comment on column llamacloud.classify_job_details.credits is 'Credits billed for the job, parsing included. Null until they are known.';
comment on column llamacloud.classify_job_details.parse_credits is 'Credits billed for parsing the document: of these, or of the parse job that was given. Null where they are not known.';

create view llamacloud.classify_job_history as
  -- job_id text
  -- observed_at timestamp with time zone
  -- event text
  -- status text
  -- result_type text
  -- result_confidence double precision
  -- updated_at timestamp with time zone
 SELECT job.id AS job_id,
    LEAST(job.first_seen_at, (first.observed_at - '00:00:00.000001'::interval)) AS observed_at,
    'first seen'::text AS event,
        CASE
            WHEN (first.id IS NULL) THEN job.status
            ELSE first.from_status
        END AS status,
        CASE
            WHEN (first.id IS NULL) THEN job.result_type
            ELSE first.from_result_type
        END AS result_type,
        CASE
            WHEN (first.id IS NULL) THEN job.result_confidence
            ELSE first.from_result_confidence
        END AS result_confidence,
        CASE
            WHEN (first.id IS NULL) THEN job.updated_at
            ELSE first.from_updated_at
        END AS updated_at
   FROM (llamacloud.classify_jobs job
     LEFT JOIN LATERAL ( SELECT change.id,
            change.job_id,
            change.observed_at,
            change.from_status,
            change.to_status,
            change.from_result_type,
            change.to_result_type,
            change.from_updated_at,
            change.to_updated_at,
            change.event,
            change.from_result_confidence,
            change.to_result_confidence
           FROM llamacloud.classify_job_changes change
          WHERE (change.job_id = job.id)
          ORDER BY change.observed_at, change.id
         LIMIT 1) first ON (true))
UNION ALL
 SELECT change.job_id,
    change.observed_at,
    change.event,
    change.to_status AS status,
    change.to_result_type AS result_type,
    change.to_result_confidence AS result_confidence,
    change.to_updated_at AS updated_at
   FROM llamacloud.classify_job_changes change;
comment on view llamacloud.classify_job_history is 'Every observed state of a job, from the first on. Filter by job_id and order by observed_at.';
comment on column llamacloud.classify_job_history.job_id is 'The job.';
comment on column llamacloud.classify_job_history.observed_at is 'When this state was first observed. For the first state, never later than the next one.';
comment on column llamacloud.classify_job_history.event is 'first seen, changed, deleted (found to be deleted upstream) or returned (found upstream again).';
comment on column llamacloud.classify_job_history.status is 'Status from then on.';
comment on column llamacloud.classify_job_history.result_type is 'Result type from then on.';
comment on column llamacloud.classify_job_history.result_confidence is 'Confidence from then on.';
comment on column llamacloud.classify_job_history.updated_at is 'updated_at from then on.';

create view llamacloud.classify_review_queue as
  -- id text
  -- source text
  -- project_id text
  -- reason text
  -- result_type text
  -- result_confidence double precision
  -- result_reasoning text
  -- document_input_type text
  -- file_input text
  -- configuration_id text
  -- configuration_hash text
  -- created_at timestamp with time zone
  -- updated_at timestamp with time zone
 SELECT id,
    source,
    project_id,
        CASE
            WHEN (result_type IS NULL) THEN 'unmatched'::text
            ELSE 'low confidence'::text
        END AS reason,
    result_type,
    result_confidence,
    result_reasoning,
    document_input_type,
    file_input,
    configuration_id,
    configuration_hash,
    created_at,
    updated_at
   FROM llamacloud.classify_jobs job
  WHERE ((upper((status COLLATE "C")) = 'COMPLETED'::text) AND (deleted_at IS NULL) AND (
        CASE
            WHEN (result_type IS NULL) THEN (0)::double precision
            ELSE result_confidence
        END < ( SELECT sync_settings.review_below
           FROM llamacloud.sync_settings)))
  ORDER BY created_at DESC NULLS LAST;
comment on view llamacloud.classify_review_queue is 'Completed jobs that a person should review, newest first: jobs that matched no rule or have a confidence below sync_settings.review_below (SYNC_REVIEW_BELOW). Jobs deleted upstream are left out.';
comment on column llamacloud.classify_review_queue.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_review_queue.source is 'Source that first delivered the job (SYNC_SOURCE).';
comment on column llamacloud.classify_review_queue.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_review_queue.reason is 'Why it needs review: unmatched or low confidence.';
comment on column llamacloud.classify_review_queue.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_review_queue.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_review_queue.result_reasoning is 'Explanation of why the document matched, or did not.';
comment on column llamacloud.classify_review_queue.document_input_type is 'Kind of file_input: url, file_id or parse_job_id.';
comment on column llamacloud.classify_review_queue.file_input is 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_review_queue.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.classify_review_queue.configuration_hash is 'Hash of the rules and options of the job: see classify_configurations.';
comment on column llamacloud.classify_review_queue.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_review_queue.updated_at is 'When the job last changed, by the clock of LlamaCloud.';

create view llamacloud.classify_rule_changes as
  -- changed_at timestamp with time zone
  -- source text
  -- project_id text
  -- configuration_id text
  -- previous_hash text
  -- configuration_hash text
  -- types_added text[]
  -- types_removed text[]
  -- previous_completed_jobs bigint
  -- completed_jobs bigint
  -- unmatched_share_before double precision
  -- unmatched_share_after double precision
 WITH used AS (
         SELECT statistic.source,
            statistic.project_id,
            statistic.configuration_id,
            statistic.configuration_hash,
            min(statistic.first_job_at) AS first_job_at,
            (sum(statistic.jobs))::bigint AS completed_jobs,
            (COALESCE(sum(statistic.jobs) FILTER (WHERE (statistic.outcome = 'unmatched'::text)), (0)::numeric))::double precision AS unmatched
           FROM llamacloud.classify_statistics statistic
          WHERE ((statistic.outcome = ANY (ARRAY['matched'::text, 'unmatched'::text])) AND (statistic.configuration_hash IS NOT NULL))
          GROUP BY statistic.source, statistic.project_id, statistic.configuration_id, statistic.configuration_hash
        ), replaced AS (
         SELECT used.source,
            used.project_id,
            used.configuration_id,
            used.configuration_hash,
            used.first_job_at,
            used.completed_jobs,
            used.unmatched,
            lag(used.configuration_hash) OVER before AS previous_hash,
            lag(used.completed_jobs) OVER before AS previous_completed_jobs,
            lag(used.unmatched) OVER before AS previous_unmatched
           FROM used
          WINDOW before AS (PARTITION BY used.source, used.project_id, used.configuration_id ORDER BY used.first_job_at, used.configuration_hash)
        )
 SELECT first_job_at AS changed_at,
    source,
    project_id,
    configuration_id,
    previous_hash,
    configuration_hash,
    ARRAY( SELECT rule.type
           FROM llamacloud.classify_rules rule
          WHERE ((rule.configuration_hash = replaced.configuration_hash) AND (rule.type IS NOT NULL))
        EXCEPT
         SELECT rule.type
           FROM llamacloud.classify_rules rule
          WHERE (rule.configuration_hash = replaced.previous_hash)
  ORDER BY 1) AS types_added,
    ARRAY( SELECT rule.type
           FROM llamacloud.classify_rules rule
          WHERE ((rule.configuration_hash = replaced.previous_hash) AND (rule.type IS NOT NULL))
        EXCEPT
         SELECT rule.type
           FROM llamacloud.classify_rules rule
          WHERE (rule.configuration_hash = replaced.configuration_hash)
  ORDER BY 1) AS types_removed,
    previous_completed_jobs,
    completed_jobs,
    (previous_unmatched / (previous_completed_jobs)::double precision) AS unmatched_share_before,
    (unmatched / (completed_jobs)::double precision) AS unmatched_share_after
   FROM replaced
  WHERE (previous_hash IS NOT NULL);
comment on view llamacloud.classify_rule_changes is 'Changes of the rules, by source, project and saved configuration, and their effect on the share of unmatched jobs.';
comment on column llamacloud.classify_rule_changes.changed_at is 'When the first job that completed with the new configuration was created.';
comment on column llamacloud.classify_rule_changes.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_rule_changes.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_rule_changes.configuration_id is 'Saved configuration whose rules changed. Null for jobs with inline rules.';
comment on column llamacloud.classify_rule_changes.previous_hash is 'Rules and options before the change: see classify_configurations.';
comment on column llamacloud.classify_rule_changes.configuration_hash is 'Rules and options after the change.';
comment on column llamacloud.classify_rule_changes.types_added is 'Types that only the new rules assign.';
comment on column llamacloud.classify_rule_changes.types_removed is 'Types that only the old rules assigned.';
comment on column llamacloud.classify_rule_changes.previous_completed_jobs is 'Number of jobs completed with the old rules, in total.';
comment on column llamacloud.classify_rule_changes.completed_jobs is 'Number of jobs completed with the new rules, in total.';
comment on column llamacloud.classify_rule_changes.unmatched_share_before is 'Share of the jobs completed with the old rules that matched none, 0 to 1.';
comment on column llamacloud.classify_rule_changes.unmatched_share_after is 'Share of the jobs completed with the new rules that matched none, 0 to 1.';

create view llamacloud.classify_rule_stats as
  -- configuration_hash text
  -- position integer
  -- type text
  -- description text
  -- completed_jobs bigint
  -- matched_jobs bigint
  -- matched_share double precision
  -- confidence_mean double precision
  -- last_matched_job_at timestamp with time zone
 WITH tally AS (
         SELECT statistic.configuration_hash,
            statistic.result_type,
            (sum(statistic.jobs))::bigint AS jobs,
            (sum(statistic.confidence_sum) / (NULLIF(sum(statistic.confidence_jobs), (0)::numeric))::double precision) AS confidence_mean,
            max(statistic.last_job_at) AS last_job_at
           FROM llamacloud.classify_statistics statistic
          WHERE (statistic.outcome = ANY (ARRAY['matched'::text, 'unmatched'::text]))
          GROUP BY statistic.configuration_hash, statistic.result_type
        ), completed AS (
         SELECT tally.configuration_hash,
            (sum(tally.jobs))::bigint AS jobs
           FROM tally
          GROUP BY tally.configuration_hash
        )
 SELECT rule.configuration_hash,
    rule."position",
    rule.type,
    rule.description,
    COALESCE(completed.jobs, (0)::bigint) AS completed_jobs,
    COALESCE(matched.jobs, (0)::bigint) AS matched_jobs,
    ((COALESCE(matched.jobs, (0)::bigint))::double precision / (completed.jobs)::double precision) AS matched_share,
    matched.confidence_mean,
    matched.last_job_at AS last_matched_job_at
   FROM ((llamacloud.classify_rules rule
     LEFT JOIN completed ON ((completed.configuration_hash = rule.configuration_hash)))
     LEFT JOIN tally matched ON (((matched.configuration_hash = rule.configuration_hash) AND (matched.result_type = rule.type))));
comment on view llamacloud.classify_rule_stats is 'How often each rule of each configuration matched in completed jobs, including jobs deleted upstream. Look for 0. Rules of one configuration with the same type share their matches, because a result names the type, not the rule.';
comment on column llamacloud.classify_rule_stats.configuration_hash is 'Configuration that the rule belongs to: see classify_configurations.';
comment on column llamacloud.classify_rule_stats.position is 'Position of the rule in its configuration, from 0.';
comment on column llamacloud.classify_rule_stats.type is 'Document type that the rule assigns.';
comment on column llamacloud.classify_rule_stats.description is 'Description of the documents that the rule matches.';
comment on column llamacloud.classify_rule_stats.completed_jobs is 'Number of completed jobs with this configuration.';
comment on column llamacloud.classify_rule_stats.matched_jobs is 'Number of these jobs with the type of this rule.';
comment on column llamacloud.classify_rule_stats.matched_share is 'matched_jobs / completed_jobs, 0 to 1. Null if no job completed.';
comment on column llamacloud.classify_rule_stats.confidence_mean is 'Mean confidence of the matches, 0 to 1. Null if there are none.';
comment on column llamacloud.classify_rule_stats.last_matched_job_at is 'When the last matching job was created. Null if none matched.';

create view llamacloud.classify_sla as
  -- day date
  -- source text
  -- project_id text
  -- finished_jobs bigint
  -- within_1_minute double precision
  -- within_5_minutes double precision
  -- within_15_minutes double precision
  -- within_1_hour double precision
  -- duration_histogram bigint[]
 SELECT day,
    source,
    project_id,
    finished_jobs,
    llamacloud.duration_share(histogram, (60)::double precision) AS within_1_minute,
    llamacloud.duration_share(histogram, (300)::double precision) AS within_5_minutes,
    llamacloud.duration_share(histogram, (900)::double precision) AS within_15_minutes,
    llamacloud.duration_share(histogram, (3600)::double precision) AS within_1_hour,
    histogram AS duration_histogram
   FROM ( SELECT spread.day,
            spread.source,
            spread.project_id,
            ARRAY[sum(spread.duration_histogram[1]), sum(spread.duration_histogram[2]), sum(spread.duration_histogram[3]), sum(spread.duration_histogram[4]), sum(spread.duration_histogram[5]), sum(spread.duration_histogram[6]), sum(spread.duration_histogram[7]), sum(spread.duration_histogram[8]), sum(spread.duration_histogram[9]), sum(spread.duration_histogram[10]), sum(spread.duration_histogram[11]), sum(spread.duration_histogram[12]), sum(spread.duration_histogram[13]), sum(spread.duration_histogram[14]), sum(spread.duration_histogram[15]), sum(spread.duration_histogram[16]), sum(spread.duration_histogram[17]), sum(spread.duration_histogram[18]), sum(spread.duration_histogram[19]), sum(spread.duration_histogram[20]), sum(spread.duration_histogram[21]), sum(spread.duration_histogram[22]), sum(spread.duration_histogram[23]), sum(spread.duration_histogram[24]), sum(spread.duration_histogram[25]), sum(spread.duration_histogram[26]), sum(spread.duration_histogram[27]), sum(spread.duration_histogram[28]), sum(spread.duration_histogram[29]), sum(spread.duration_histogram[30]), sum(spread.duration_histogram[31]), sum(spread.duration_histogram[32]), sum(spread.duration_histogram[33]), sum(spread.duration_histogram[34]), sum(spread.duration_histogram[35]), sum(spread.duration_histogram[36]), sum(spread.duration_histogram[37]), sum(spread.duration_histogram[38]), sum(spread.duration_histogram[39]), sum(spread.duration_histogram[40]), sum(spread.duration_histogram[41]), sum(spread.duration_histogram[42]), sum(spread.duration_histogram[43]), sum(spread.duration_histogram[44]), sum(spread.duration_histogram[45]), sum(spread.duration_histogram[46]), sum(spread.duration_histogram[47]), sum(spread.duration_histogram[48]), sum(spread.duration_histogram[49]), sum(spread.duration_histogram[50]), sum(spread.duration_histogram[51]), sum(spread.duration_histogram[52]), sum(spread.duration_histogram[53]), sum(spread.duration_histogram[54]), sum(spread.duration_histogram[55]), sum(spread.duration_histogram[56]), sum(spread.duration_histogram[57]), sum(spread.duration_histogram[58]), sum(spread.duration_histogram[59]), sum(spread.duration_histogram[60]), sum(spread.duration_histogram[61]), sum(spread.duration_histogram[62]), sum(spread.duration_histogram[63]), sum(spread.duration_histogram[64]), sum(spread.duration_histogram[65]), sum(spread.duration_histogram[66]), sum(spread.duration_histogram[67]), sum(spread.duration_histogram[68]), sum(spread.duration_histogram[69]), sum(spread.duration_histogram[70]), sum(spread.duration_histogram[71]), sum(spread.duration_histogram[72]), sum(spread.duration_histogram[73]), sum(spread.duration_histogram[74]), sum(spread.duration_histogram[75]), sum(spread.duration_histogram[76]), sum(spread.duration_histogram[77]), sum(spread.duration_histogram[78]), sum(spread.duration_histogram[79]), sum(spread.duration_histogram[80]), sum(spread.duration_histogram[81]), sum(spread.duration_histogram[82]), sum(spread.duration_histogram[83]), sum(spread.duration_histogram[84]), sum(spread.duration_histogram[85]), sum(spread.duration_histogram[86]), sum(spread.duration_histogram[87]), sum(spread.duration_histogram[88]), sum(spread.duration_histogram[89]), sum(spread.duration_histogram[90]), sum(spread.duration_histogram[91]), sum(spread.duration_histogram[92]), sum(spread.duration_histogram[93]), sum(spread.duration_histogram[94]), sum(spread.duration_histogram[95]), sum(spread.duration_histogram[96]), sum(spread.duration_histogram[97]), sum(spread.duration_histogram[98]), sum(spread.duration_histogram[99]), sum(spread.duration_histogram[100]), sum(spread.duration_histogram[101]), sum(spread.duration_histogram[102]), sum(spread.duration_histogram[103]), sum(spread.duration_histogram[104]), sum(spread.duration_histogram[105]), sum(spread.duration_histogram[106]), sum(spread.duration_histogram[107]), sum(spread.duration_histogram[108]), sum(spread.duration_histogram[109]), sum(spread.duration_histogram[110]), sum(spread.duration_histogram[111]), sum(spread.duration_histogram[112]), sum(spread.duration_histogram[113]), sum(spread.duration_histogram[114]), sum(spread.duration_histogram[115]), sum(spread.duration_histogram[116]), sum(spread.duration_histogram[117]), sum(spread.duration_histogram[118]), sum(spread.duration_histogram[119]), sum(spread.duration_histogram[120]), sum(spread.duration_histogram[121]), sum(spread.duration_histogram[122]), sum(spread.duration_histogram[123]), sum(spread.duration_histogram[124]), sum(spread.duration_histogram[125]), sum(spread.duration_histogram[126]), sum(spread.duration_histogram[127]), sum(spread.duration_histogram[128]), sum(spread.duration_histogram[129]), sum(spread.duration_histogram[130]), sum(spread.duration_histogram[131]), sum(spread.duration_histogram[132]), sum(spread.duration_histogram[133]), sum(spread.duration_histogram[134]), sum(spread.duration_histogram[135]), sum(spread.duration_histogram[136]), sum(spread.duration_histogram[137]), sum(spread.duration_histogram[138]), sum(spread.duration_histogram[139]), sum(spread.duration_histogram[140]), sum(spread.duration_histogram[141]), sum(spread.duration_histogram[142]), sum(spread.duration_histogram[143]), sum(spread.duration_histogram[144]), sum(spread.duration_histogram[145]), sum(spread.duration_histogram[146]), sum(spread.duration_histogram[147]), sum(spread.duration_histogram[148]), sum(spread.duration_histogram[149]), sum(spread.duration_histogram[150]), sum(spread.duration_histogram[151]), sum(spread.duration_histogram[152]), sum(spread.duration_histogram[153]), sum(spread.duration_histogram[154]), sum(spread.duration_histogram[155]), sum(spread.duration_histogram[156]), sum(spread.duration_histogram[157]), sum(spread.duration_histogram[158]), sum(spread.duration_histogram[159]), sum(spread.duration_histogram[160]), sum(spread.duration_histogram[161]), sum(spread.duration_histogram[162])] AS histogram,
            (sum(( SELECT sum(jobs.jobs) AS sum
                   FROM unnest(spread.duration_histogram) jobs(jobs))))::bigint AS finished_jobs
           FROM llamacloud.classify_histograms spread
          WHERE spread.all_configurations
          GROUP BY spread.day, spread.source, spread.project_id) daily
  WHERE (finished_jobs > 0);
comment on view llamacloud.classify_sla is 'How many jobs finished in time, by UTC day of creation, source and project. The shares come from a histogram, which counts only a part of the jobs whose duration is within 7.2% of a limit. If there are many, for example because of a time-out of that length, count in classify_job_details.';
comment on column llamacloud.classify_sla.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_sla.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_sla.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_sla.finished_jobs is 'Number of finished jobs (completed, failed or cancelled) whose duration is known.';
comment on column llamacloud.classify_sla.within_1_minute is 'Share of finished jobs that took at most 1 minute, 0 to 1.';
comment on column llamacloud.classify_sla.within_5_minutes is 'Share of finished jobs that took at most 5 minutes, 0 to 1.';
comment on column llamacloud.classify_sla.within_15_minutes is 'Share of finished jobs that took at most 15 minutes, 0 to 1.';
comment on column llamacloud.classify_sla.within_1_hour is 'Share of finished jobs that took at most 1 hour, 0 to 1.';
comment on column llamacloud.classify_sla.duration_histogram is 'For other limits: duration_share(duration_histogram, 120) is the share that took at most 2 minutes. Null for limits above 18.2 hours where jobs took longer than that.';

create view llamacloud.classify_statistics as
  -- day date
  -- source text
  -- project_id text
  -- configuration_id text
  -- configuration_hash text
  -- outcome text
  -- result_type text
  -- jobs bigint
  -- low_confidence_jobs bigint
  -- confidence_jobs bigint
  -- confidence_sum double precision
  -- duration_jobs bigint
  -- duration_sum double precision
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- result_label text
  -- credits double precision
  -- parse_credits double precision
  -- unbilled_jobs bigint
 SELECT settled.day,
    settled.source,
    settled.project_id,
    settled.configuration_id,
    settled.configuration_hash,
    settled.outcome,
    settled.result_type,
    settled.jobs,
    settled.low_confidence_jobs,
    settled.confidence_jobs,
    settled.confidence_sum,
    settled.duration_jobs,
    settled.duration_sum,
    settled.first_job_at,
    settled.last_job_at,
        CASE
            WHEN (settled.outcome = 'matched'::text) THEN settled.result_type
            ELSE settled.outcome
        END AS result_label,
    settled.credits,
    settled.parse_credits,
    settled.unbilled_jobs
   FROM llamacloud_sync.classify_settled_sums settled
  WHERE (NOT (EXISTS ( SELECT
           FROM llamacloud_sync.classify_dirty_days dirty
          WHERE (dirty.day = settled.day))))
UNION ALL
 SELECT dirty.day,
    live.source,
    live.project_id,
    live.configuration_id,
    live.configuration_hash,
    live.outcome,
    live.result_type,
    live.jobs,
    live.low_confidence_jobs,
    live.confidence_jobs,
    live.confidence_sum,
    live.duration_jobs,
    live.duration_sum,
    live.first_job_at,
    live.last_job_at,
        CASE
            WHEN (live.outcome = 'matched'::text) THEN live.result_type
            ELSE live.outcome
        END AS result_label,
    live.credits,
    live.parse_credits,
    live.unbilled_jobs
   FROM (( SELECT DISTINCT dirty_1.day
           FROM llamacloud_sync.classify_dirty_days dirty_1) dirty
     CROSS JOIN LATERAL ( SELECT live_1.day,
            live_1.source,
            live_1.project_id,
            live_1.configuration_id,
            live_1.configuration_hash,
            live_1.outcome,
            live_1.result_type,
            live_1.jobs,
            live_1.low_confidence_jobs,
            live_1.confidence_jobs,
            live_1.confidence_sum,
            live_1.duration_jobs,
            live_1.duration_sum,
            live_1.first_job_at,
            live_1.last_job_at,
            live_1.credits,
            live_1.parse_credits,
            live_1.unbilled_jobs
           FROM llamacloud_sync.classify_sums live_1
          WHERE (live_1.day = dirty.day)
         OFFSET 0) live)
UNION ALL
 SELECT timeless.day,
    timeless.source,
    timeless.project_id,
    timeless.configuration_id,
    timeless.configuration_hash,
    timeless.outcome,
    timeless.result_type,
    timeless.jobs,
    timeless.low_confidence_jobs,
    timeless.confidence_jobs,
    timeless.confidence_sum,
    timeless.duration_jobs,
    timeless.duration_sum,
    timeless.first_job_at,
    timeless.last_job_at,
        CASE
            WHEN (timeless.outcome = 'matched'::text) THEN timeless.result_type
            ELSE timeless.outcome
        END AS result_label,
    timeless.credits,
    timeless.parse_credits,
    timeless.unbilled_jobs
   FROM llamacloud_sync.classify_sums timeless
  WHERE (timeless.day IS NULL);
comment on view llamacloud.classify_statistics is 'Jobs by UTC day, source, project, configuration, outcome and type. Its columns can be summed, for statistics over any period. Counts are always exact; a year of 10,000,000 jobs takes a fraction of a second.';
comment on column llamacloud.classify_statistics.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_statistics.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_statistics.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_statistics.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud.classify_statistics.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud.classify_statistics.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud.classify_statistics.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud.classify_statistics.jobs is 'Number of jobs.';
comment on column llamacloud.classify_statistics.low_confidence_jobs is 'Number of jobs with a confidence below sync_settings.review_below.';
comment on column llamacloud.classify_statistics.confidence_jobs is 'Number of jobs with a confidence.';
comment on column llamacloud.classify_statistics.confidence_sum is 'Sum of confidence. Divide by confidence_jobs for the mean.';
comment on column llamacloud.classify_statistics.duration_jobs is 'Number of finished jobs whose duration is known: with created_at and updated_at.';
comment on column llamacloud.classify_statistics.duration_sum is 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
comment on column llamacloud.classify_statistics.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud.classify_statistics.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud.classify_statistics.result_label is 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
comment on column llamacloud.classify_statistics.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud.classify_statistics.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud.classify_statistics.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create view llamacloud.classify_type_costs as
  -- day date
  -- project_id text
  -- project_name text
  -- configuration_id text
  -- configuration_name text
  -- result_type text
  -- result_label text
  -- jobs bigint
  -- billed_jobs bigint
  -- unbilled_jobs bigint
  -- credits double precision
  -- parse_credits double precision
  -- total_credits double precision
  -- credits_per_job double precision
 SELECT cost.day,
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
    (cost.total_credits / (NULLIF(cost.billed_jobs, 0))::double precision) AS credits_per_job
   FROM ((( SELECT ((job.created_at AT TIME ZONE 'UTC'::text))::date AS day,
            job.project_id,
            job.configuration_id,
            job.result_type,
                CASE upper((job.status COLLATE "C"))
                    WHEN 'COMPLETED'::text THEN COALESCE(job.result_type, 'unmatched'::text)
                    WHEN 'FAILED'::text THEN 'failed'::text
                    WHEN 'CANCELLED'::text THEN 'cancelled'::text
                    ELSE 'open'::text
                END AS result_label,
            count(*) AS jobs,
            count(job.credits) AS billed_jobs,
            count(*) FILTER (WHERE ((upper((job.status COLLATE "C")) = 'COMPLETED'::text) AND (job.credits IS NULL))) AS unbilled_jobs,
            sum(job.credits) AS credits,
            sum(COALESCE(NULLIF(job.parse_credits, (0)::double precision), parse.credits, job.parse_credits)) FILTER (WHERE (job.credits IS NOT NULL)) AS parse_credits,
            sum((job.credits +
                CASE
                    WHEN (COALESCE(job.parse_credits, (0)::double precision) = (0)::double precision) THEN COALESCE(parse.credits, (0)::double precision)
                    ELSE (0)::double precision
                END)) AS total_credits
           FROM (llamacloud.classify_jobs job
             LEFT JOIN llamacloud.parse_jobs parse ON ((parse.id = COALESCE(job.parse_job_id,
                CASE
                    WHEN (job.document_input_type = 'parse_job_id'::text) THEN job.file_input
                    ELSE NULL::text
                END))))
          GROUP BY (((job.created_at AT TIME ZONE 'UTC'::text))::date), job.project_id, job.configuration_id, job.result_type,
                CASE upper((job.status COLLATE "C"))
                    WHEN 'COMPLETED'::text THEN COALESCE(job.result_type, 'unmatched'::text)
                    WHEN 'FAILED'::text THEN 'failed'::text
                    WHEN 'CANCELLED'::text THEN 'cancelled'::text
                    ELSE 'open'::text
                END) cost
     LEFT JOIN llamacloud.projects project ON ((project.id = cost.project_id)))
     LEFT JOIN llamacloud.saved_configurations saved ON ((saved.id = cost.configuration_id)));
comment on view llamacloud.classify_type_costs is 'What classify jobs cost by UTC day, project, configuration and type, also those that are gone upstream. Credits are known with SYNC_CREDITS=true, and those of parse jobs that were given where the list parse is synced. A parse job that several jobs were given counts for each of them.';
comment on column llamacloud.classify_type_costs.day is 'Day of creation in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_type_costs.project_id is 'Project that the jobs belong to.';
comment on column llamacloud.classify_type_costs.project_name is 'Name of the project. Null where it is not known.';
comment on column llamacloud.classify_type_costs.configuration_id is 'Saved configuration that the jobs were created with, if any.';
comment on column llamacloud.classify_type_costs.configuration_name is 'Name of the saved configuration. Null where there is none, or it is not known.';
comment on column llamacloud.classify_type_costs.result_type is 'Document type. Null where no rule matched or there is no result.';
comment on column llamacloud.classify_type_costs.result_label is 'The type of a matched job, or else unmatched, failed, cancelled or open: never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';
comment on column llamacloud.classify_type_costs.jobs is 'How many jobs.';
comment on column llamacloud.classify_type_costs.billed_jobs is 'How many of them have credits that are known.';
comment on column llamacloud.classify_type_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet: what the credits lack.';
comment on column llamacloud.classify_type_costs.credits is 'Credits billed for the jobs, with the parsing that was part of them. Null while none is known.';
comment on column llamacloud.classify_type_costs.parse_credits is 'Credits for parsing the documents of billed jobs: part of credits, or of the parse job that was given.';
comment on column llamacloud.classify_type_costs.total_credits is 'credits, and those of the parse jobs that were given.';
comment on column llamacloud.classify_type_costs.credits_per_job is 'total_credits / billed_jobs: what one job costs on average, parsing included.';

create view llamacloud.classify_type_stats as
  -- result_type text
  -- jobs bigint
  -- share double precision
  -- low_confidence_jobs bigint
  -- confidence_mean double precision
  -- confidence_p10 double precision
  -- confidence_p50 double precision
  -- confidence_p90 double precision
  -- duration_p50_seconds double precision
  -- duration_p95_seconds double precision
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- result_label text
 WITH tally AS (
         SELECT statistic.result_type,
            (sum(statistic.jobs))::bigint AS jobs,
            (sum(statistic.low_confidence_jobs))::bigint AS low_confidence_jobs,
            (sum(statistic.confidence_sum) / (NULLIF(sum(statistic.confidence_jobs), (0)::numeric))::double precision) AS confidence_mean,
            min(statistic.first_job_at) AS first_job_at,
            max(statistic.last_job_at) AS last_job_at
           FROM llamacloud.classify_statistics statistic
          WHERE (statistic.outcome = ANY (ARRAY['matched'::text, 'unmatched'::text]))
          GROUP BY statistic.result_type
        ), histogram AS (
         SELECT spread.result_type,
            ARRAY[sum(spread.confidence_histogram[1]), sum(spread.confidence_histogram[2]), sum(spread.confidence_histogram[3]), sum(spread.confidence_histogram[4]), sum(spread.confidence_histogram[5]), sum(spread.confidence_histogram[6]), sum(spread.confidence_histogram[7]), sum(spread.confidence_histogram[8]), sum(spread.confidence_histogram[9]), sum(spread.confidence_histogram[10]), sum(spread.confidence_histogram[11]), sum(spread.confidence_histogram[12]), sum(spread.confidence_histogram[13]), sum(spread.confidence_histogram[14]), sum(spread.confidence_histogram[15]), sum(spread.confidence_histogram[16]), sum(spread.confidence_histogram[17]), sum(spread.confidence_histogram[18]), sum(spread.confidence_histogram[19]), sum(spread.confidence_histogram[20]), sum(spread.confidence_histogram[21])] AS confidence,
            ARRAY[sum(spread.duration_histogram[1]), sum(spread.duration_histogram[2]), sum(spread.duration_histogram[3]), sum(spread.duration_histogram[4]), sum(spread.duration_histogram[5]), sum(spread.duration_histogram[6]), sum(spread.duration_histogram[7]), sum(spread.duration_histogram[8]), sum(spread.duration_histogram[9]), sum(spread.duration_histogram[10]), sum(spread.duration_histogram[11]), sum(spread.duration_histogram[12]), sum(spread.duration_histogram[13]), sum(spread.duration_histogram[14]), sum(spread.duration_histogram[15]), sum(spread.duration_histogram[16]), sum(spread.duration_histogram[17]), sum(spread.duration_histogram[18]), sum(spread.duration_histogram[19]), sum(spread.duration_histogram[20]), sum(spread.duration_histogram[21]), sum(spread.duration_histogram[22]), sum(spread.duration_histogram[23]), sum(spread.duration_histogram[24]), sum(spread.duration_histogram[25]), sum(spread.duration_histogram[26]), sum(spread.duration_histogram[27]), sum(spread.duration_histogram[28]), sum(spread.duration_histogram[29]), sum(spread.duration_histogram[30]), sum(spread.duration_histogram[31]), sum(spread.duration_histogram[32]), sum(spread.duration_histogram[33]), sum(spread.duration_histogram[34]), sum(spread.duration_histogram[35]), sum(spread.duration_histogram[36]), sum(spread.duration_histogram[37]), sum(spread.duration_histogram[38]), sum(spread.duration_histogram[39]), sum(spread.duration_histogram[40]), sum(spread.duration_histogram[41]), sum(spread.duration_histogram[42]), sum(spread.duration_histogram[43]), sum(spread.duration_histogram[44]), sum(spread.duration_histogram[45]), sum(spread.duration_histogram[46]), sum(spread.duration_histogram[47]), sum(spread.duration_histogram[48]), sum(spread.duration_histogram[49]), sum(spread.duration_histogram[50]), sum(spread.duration_histogram[51]), sum(spread.duration_histogram[52]), sum(spread.duration_histogram[53]), sum(spread.duration_histogram[54]), sum(spread.duration_histogram[55]), sum(spread.duration_histogram[56]), sum(spread.duration_histogram[57]), sum(spread.duration_histogram[58]), sum(spread.duration_histogram[59]), sum(spread.duration_histogram[60]), sum(spread.duration_histogram[61]), sum(spread.duration_histogram[62]), sum(spread.duration_histogram[63]), sum(spread.duration_histogram[64]), sum(spread.duration_histogram[65]), sum(spread.duration_histogram[66]), sum(spread.duration_histogram[67]), sum(spread.duration_histogram[68]), sum(spread.duration_histogram[69]), sum(spread.duration_histogram[70]), sum(spread.duration_histogram[71]), sum(spread.duration_histogram[72]), sum(spread.duration_histogram[73]), sum(spread.duration_histogram[74]), sum(spread.duration_histogram[75]), sum(spread.duration_histogram[76]), sum(spread.duration_histogram[77]), sum(spread.duration_histogram[78]), sum(spread.duration_histogram[79]), sum(spread.duration_histogram[80]), sum(spread.duration_histogram[81]), sum(spread.duration_histogram[82]), sum(spread.duration_histogram[83]), sum(spread.duration_histogram[84]), sum(spread.duration_histogram[85]), sum(spread.duration_histogram[86]), sum(spread.duration_histogram[87]), sum(spread.duration_histogram[88]), sum(spread.duration_histogram[89]), sum(spread.duration_histogram[90]), sum(spread.duration_histogram[91]), sum(spread.duration_histogram[92]), sum(spread.duration_histogram[93]), sum(spread.duration_histogram[94]), sum(spread.duration_histogram[95]), sum(spread.duration_histogram[96]), sum(spread.duration_histogram[97]), sum(spread.duration_histogram[98]), sum(spread.duration_histogram[99]), sum(spread.duration_histogram[100]), sum(spread.duration_histogram[101]), sum(spread.duration_histogram[102]), sum(spread.duration_histogram[103]), sum(spread.duration_histogram[104]), sum(spread.duration_histogram[105]), sum(spread.duration_histogram[106]), sum(spread.duration_histogram[107]), sum(spread.duration_histogram[108]), sum(spread.duration_histogram[109]), sum(spread.duration_histogram[110]), sum(spread.duration_histogram[111]), sum(spread.duration_histogram[112]), sum(spread.duration_histogram[113]), sum(spread.duration_histogram[114]), sum(spread.duration_histogram[115]), sum(spread.duration_histogram[116]), sum(spread.duration_histogram[117]), sum(spread.duration_histogram[118]), sum(spread.duration_histogram[119]), sum(spread.duration_histogram[120]), sum(spread.duration_histogram[121]), sum(spread.duration_histogram[122]), sum(spread.duration_histogram[123]), sum(spread.duration_histogram[124]), sum(spread.duration_histogram[125]), sum(spread.duration_histogram[126]), sum(spread.duration_histogram[127]), sum(spread.duration_histogram[128]), sum(spread.duration_histogram[129]), sum(spread.duration_histogram[130]), sum(spread.duration_histogram[131]), sum(spread.duration_histogram[132]), sum(spread.duration_histogram[133]), sum(spread.duration_histogram[134]), sum(spread.duration_histogram[135]), sum(spread.duration_histogram[136]), sum(spread.duration_histogram[137]), sum(spread.duration_histogram[138]), sum(spread.duration_histogram[139]), sum(spread.duration_histogram[140]), sum(spread.duration_histogram[141]), sum(spread.duration_histogram[142]), sum(spread.duration_histogram[143]), sum(spread.duration_histogram[144]), sum(spread.duration_histogram[145]), sum(spread.duration_histogram[146]), sum(spread.duration_histogram[147]), sum(spread.duration_histogram[148]), sum(spread.duration_histogram[149]), sum(spread.duration_histogram[150]), sum(spread.duration_histogram[151]), sum(spread.duration_histogram[152]), sum(spread.duration_histogram[153]), sum(spread.duration_histogram[154]), sum(spread.duration_histogram[155]), sum(spread.duration_histogram[156]), sum(spread.duration_histogram[157]), sum(spread.duration_histogram[158]), sum(spread.duration_histogram[159]), sum(spread.duration_histogram[160]), sum(spread.duration_histogram[161]), sum(spread.duration_histogram[162])] AS duration
           FROM llamacloud.classify_histograms spread
          WHERE ((spread.outcome = ANY (ARRAY['matched'::text, 'unmatched'::text])) AND spread.all_configurations)
          GROUP BY spread.result_type
        )
 SELECT tally.result_type,
    tally.jobs,
    (((tally.jobs)::numeric / sum(tally.jobs) OVER ()))::double precision AS share,
    tally.low_confidence_jobs,
    tally.confidence_mean,
    llamacloud.confidence_percentile(histogram.confidence, (0.1)::double precision) AS confidence_p10,
    llamacloud.confidence_percentile(histogram.confidence, (0.5)::double precision) AS confidence_p50,
    llamacloud.confidence_percentile(histogram.confidence, (0.9)::double precision) AS confidence_p90,
    llamacloud.duration_percentile(histogram.duration, (0.5)::double precision) AS duration_p50_seconds,
    llamacloud.duration_percentile(histogram.duration, (0.95)::double precision) AS duration_p95_seconds,
    tally.first_job_at,
    tally.last_job_at,
    COALESCE(tally.result_type, 'unmatched'::text) AS result_label
   FROM (tally
     JOIN histogram ON ((NOT (histogram.result_type IS DISTINCT FROM tally.result_type))));
comment on view llamacloud.classify_type_stats is 'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that matched no rule. Percentiles are accurate to 0.05 of confidence, and to 7.2% of durations from 1 second to 18.2 hours: 65,536 means so long or longer, and a percentile between such a job and a shorter one is told too low. For a period use classify_type_stats_between.';
comment on column llamacloud.classify_type_stats.result_type is 'Document type. Null if no rule matched.';
comment on column llamacloud.classify_type_stats.jobs is 'Number of completed jobs of this type.';
comment on column llamacloud.classify_type_stats.share is 'Share of all completed jobs, 0 to 1.';
comment on column llamacloud.classify_type_stats.low_confidence_jobs is 'Number of jobs with a confidence below sync_settings.review_below.';
comment on column llamacloud.classify_type_stats.confidence_mean is 'Mean confidence, 0 to 1. Null if no job has one.';
comment on column llamacloud.classify_type_stats.confidence_p10 is '10th percentile of confidence.';
comment on column llamacloud.classify_type_stats.confidence_p50 is 'Median confidence.';
comment on column llamacloud.classify_type_stats.confidence_p90 is '90th percentile of confidence.';
comment on column llamacloud.classify_type_stats.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud.classify_type_stats.duration_p95_seconds is '95th percentile of the time from creation to the end, in seconds.';
comment on column llamacloud.classify_type_stats.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud.classify_type_stats.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud.classify_type_stats.result_label is 'Label for charts: the type of a matched job, or else the outcome, such as unmatched. Never null. A type may itself be called unmatched: the result_type of jobs that matched no rule is null.';

create view llamacloud.classify_weekly as
  -- week date
  -- source text
  -- project_id text
  -- is_whole boolean
  -- jobs bigint
  -- failed_share double precision
  -- unmatched_share double precision
  -- confidence_mean double precision
  -- duration_mean_seconds double precision
  -- jobs_before bigint
  -- failed_share_before double precision
  -- unmatched_share_before double precision
  -- confidence_mean_before double precision
  -- duration_mean_seconds_before double precision
 WITH weekly AS (
         SELECT (date_trunc('week'::text, (statistic.day)::timestamp without time zone))::date AS week,
            statistic.source,
            statistic.project_id,
            (sum(statistic.jobs))::bigint AS jobs,
            (sum(statistic.jobs) FILTER (WHERE (statistic.outcome <> 'open'::text)))::double precision AS ended,
            (COALESCE(sum(statistic.jobs) FILTER (WHERE (statistic.outcome = 'failed'::text)), (0)::numeric))::double precision AS failed,
            (sum(statistic.jobs) FILTER (WHERE (statistic.outcome = ANY (ARRAY['matched'::text, 'unmatched'::text]))))::double precision AS completed,
            (COALESCE(sum(statistic.jobs) FILTER (WHERE (statistic.outcome = 'unmatched'::text)), (0)::numeric))::double precision AS unmatched,
            (sum(statistic.confidence_sum) / (NULLIF(sum(statistic.confidence_jobs), (0)::numeric))::double precision) AS confidence_mean,
            (sum(statistic.duration_sum) / (NULLIF(sum(statistic.duration_jobs), (0)::numeric))::double precision) AS duration_mean_seconds
           FROM llamacloud.classify_statistics statistic
          WHERE isfinite(statistic.day)
          GROUP BY ((date_trunc('week'::text, (statistic.day)::timestamp without time zone))::date), statistic.source, statistic.project_id
        ), shares AS (
         SELECT weekly.week,
            weekly.source,
            weekly.project_id,
            weekly.jobs,
            (weekly.failed / weekly.ended) AS failed_share,
            (weekly.unmatched / weekly.completed) AS unmatched_share,
            weekly.confidence_mean,
            weekly.duration_mean_seconds
           FROM weekly
        )
 SELECT this.week,
    this.source,
    this.project_id,
    ((this.week + 7) <= ((now() AT TIME ZONE 'UTC'::text))::date) AS is_whole,
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
   FROM (shares this
     LEFT JOIN shares before ON (((before.week = (this.week - 7)) AND (before.source = this.source) AND (NOT (before.project_id IS DISTINCT FROM this.project_id)))));
comment on view llamacloud.classify_weekly is 'Week over week, by source and project: each week next to the week before.';
comment on column llamacloud.classify_weekly.week is 'Monday of the week, in UTC.';
comment on column llamacloud.classify_weekly.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud.classify_weekly.project_id is 'Project of the jobs.';
comment on column llamacloud.classify_weekly.is_whole is 'Whether the week is over. Do not compare a partial week with a whole one.';
comment on column llamacloud.classify_weekly.jobs is 'Number of jobs created.';
comment on column llamacloud.classify_weekly.failed_share is 'Share of finished jobs that failed, 0 to 1.';
comment on column llamacloud.classify_weekly.unmatched_share is 'Share of completed jobs that matched no rule, 0 to 1.';
comment on column llamacloud.classify_weekly.confidence_mean is 'Mean confidence, 0 to 1.';
comment on column llamacloud.classify_weekly.duration_mean_seconds is 'Mean time from creation to the end of finished jobs, in seconds.';
comment on column llamacloud.classify_weekly.jobs_before is 'Jobs created in the week before. Null if there were none.';
comment on column llamacloud.classify_weekly.failed_share_before is 'failed_share of the week before.';
comment on column llamacloud.classify_weekly.unmatched_share_before is 'unmatched_share of the week before.';
comment on column llamacloud.classify_weekly.confidence_mean_before is 'confidence_mean of the week before.';
comment on column llamacloud.classify_weekly.duration_mean_seconds_before is 'duration_mean_seconds of the week before.';

create view llamacloud.extract_job_details as
  -- id text
  -- source text
  -- project_id text
  -- status text
  -- file_input text
  -- configuration_id text
  -- configuration_hash text
  -- parse_job_id text
  -- parse_tier text
  -- metadata jsonb
  -- error_message text
  -- credits double precision
  -- extract_credits double precision
  -- parse_credits double precision
  -- created_at timestamp with time zone
  -- updated_at timestamp with time zone
  -- first_seen_at timestamp with time zone
  -- synced_at timestamp with time zone
  -- deleted_at timestamp with time zone
  -- created_day date
  -- duration_seconds double precision
  -- is_deleted boolean
  -- project_name text
  -- configuration_name text
  -- file_name text
 SELECT job.id,
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
    ((job.created_at AT TIME ZONE 'UTC'::text))::date AS created_day,
        CASE
            WHEN ((upper((job.status COLLATE "C")) = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) AND isfinite(job.created_at) AND isfinite(job.updated_at)) THEN (EXTRACT(epoch FROM (job.updated_at - job.created_at)))::double precision
            ELSE NULL::double precision
        END AS duration_seconds,
    (job.deleted_at IS NOT NULL) AS is_deleted,
    project.name AS project_name,
    saved.name AS configuration_name,
    file.name AS file_name
   FROM (((llamacloud.extract_jobs job
     LEFT JOIN llamacloud.projects project ON ((project.id = job.project_id)))
     LEFT JOIN llamacloud.saved_configurations saved ON ((saved.id = job.configuration_id)))
     LEFT JOIN llamacloud.files file ON ((file.id = job.file_input)));
comment on view llamacloud.extract_job_details is 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
comment on column llamacloud.extract_job_details.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.extract_job_details.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.extract_job_details.project_id is 'Project that the job belongs to.';
comment on column llamacloud.extract_job_details.status is 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.extract_job_details.file_input is 'Document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.extract_job_details.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.extract_job_details.configuration_hash is 'Hash of the schema and options of the job: see extract_configurations.';
comment on column llamacloud.extract_job_details.parse_job_id is 'Parse job that produced the document, if any.';
comment on column llamacloud.extract_job_details.parse_tier is 'Tier that the document was parsed with.';
comment on column llamacloud.extract_job_details.metadata is 'More about the job, such as its number of pages.';
comment on column llamacloud.extract_job_details.error_message is 'Why the job failed.';
comment on column llamacloud.extract_job_details.credits is 'Credits billed for the job, parsing included. Null until billing has recorded them.';
comment on column llamacloud.extract_job_details.extract_credits is 'Credits billed for the extraction alone.';
comment on column llamacloud.extract_job_details.parse_credits is 'Credits billed for its parse job, which other jobs may share.';
comment on column llamacloud.extract_job_details.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.extract_job_details.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.extract_job_details.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.extract_job_details.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.extract_job_details.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';
comment on column llamacloud.extract_job_details.created_day is 'Day of created_at in UTC. Null when created_at is.';
comment on column llamacloud.extract_job_details.duration_seconds is 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
comment on column llamacloud.extract_job_details.is_deleted is 'Whether the job was found to be deleted upstream.';
comment on column llamacloud.extract_job_details.project_name is 'Name of the project. Null where it is not known.';
comment on column llamacloud.extract_job_details.configuration_name is 'Name of the saved configuration. Null where there is none, or it is not known.';
comment on column llamacloud.extract_job_details.file_name is 'Name of the file. Null unless SYNC_LOOKUPS has files.';

create view llamacloud.job_costs as
  -- day date
  -- list text
  -- project_id text
  -- project_name text
  -- configuration_id text
  -- configuration_name text
  -- jobs bigint
  -- credits double precision
  -- parse_credits double precision
  -- unbilled_jobs bigint
 SELECT cost.day,
    cost.list,
    cost.project_id,
    project.name AS project_name,
    cost.configuration_id,
    saved.name AS configuration_name,
    cost.jobs,
    cost.credits,
    cost.parse_credits,
    cost.unbilled_jobs
   FROM ((( SELECT classify_statistics.day,
            'classify'::text AS list,
            classify_statistics.project_id,
            classify_statistics.configuration_id,
            (sum(classify_statistics.jobs))::bigint AS jobs,
            sum(classify_statistics.credits) AS credits,
            sum(classify_statistics.parse_credits) AS parse_credits,
            (sum(classify_statistics.unbilled_jobs))::bigint AS unbilled_jobs
           FROM llamacloud.classify_statistics
          GROUP BY classify_statistics.day, classify_statistics.project_id, classify_statistics.configuration_id
        UNION ALL
         SELECT settled.day,
            'parse'::text AS list,
            settled.project_id,
            settled.configuration_id,
            settled.jobs,
            settled.credits,
            settled.parse_credits,
            settled.unbilled_jobs
           FROM llamacloud_sync.parse_settled_costs settled
          WHERE (NOT (EXISTS ( SELECT
                   FROM llamacloud_sync.parse_dirty_days dirty
                  WHERE (dirty.day = settled.day))))
        UNION ALL
         SELECT dirty.day,
            'parse'::text AS list,
            live.project_id,
            live.configuration_id,
            live.jobs,
            live.credits,
            live.parse_credits,
            live.unbilled_jobs
           FROM (( SELECT DISTINCT dirty_1.day
                   FROM llamacloud_sync.parse_dirty_days dirty_1) dirty
             CROSS JOIN LATERAL ( SELECT live_1.day,
                    live_1.project_id,
                    live_1.configuration_id,
                    live_1.jobs,
                    live_1.credits,
                    live_1.parse_credits,
                    live_1.unbilled_jobs
                   FROM llamacloud_sync.parse_costs live_1
                  WHERE (live_1.day = dirty.day)
                 OFFSET 0) live)
        UNION ALL
         SELECT timeless.day,
            'parse'::text AS list,
            timeless.project_id,
            timeless.configuration_id,
            timeless.jobs,
            timeless.credits,
            timeless.parse_credits,
            timeless.unbilled_jobs
           FROM llamacloud_sync.parse_costs timeless
          WHERE (timeless.day IS NULL)
        UNION ALL
         SELECT settled.day,
            'extract'::text AS list,
            settled.project_id,
            settled.configuration_id,
            settled.jobs,
            settled.credits,
            settled.parse_credits,
            settled.unbilled_jobs
           FROM llamacloud_sync.extract_settled_costs settled
          WHERE (NOT (EXISTS ( SELECT
                   FROM llamacloud_sync.extract_dirty_days dirty
                  WHERE (dirty.day = settled.day))))
        UNION ALL
         SELECT dirty.day,
            'extract'::text AS list,
            live.project_id,
            live.configuration_id,
            live.jobs,
            live.credits,
            live.parse_credits,
            live.unbilled_jobs
           FROM (( SELECT DISTINCT dirty_1.day
                   FROM llamacloud_sync.extract_dirty_days dirty_1) dirty
             CROSS JOIN LATERAL ( SELECT live_1.day,
                    live_1.project_id,
                    live_1.configuration_id,
                    live_1.jobs,
                    live_1.credits,
                    live_1.parse_credits,
                    live_1.unbilled_jobs
                   FROM llamacloud_sync.extract_costs live_1
                  WHERE (live_1.day = dirty.day)
                 OFFSET 0) live)
        UNION ALL
         SELECT timeless.day,
            'extract'::text AS list,
            timeless.project_id,
            timeless.configuration_id,
            timeless.jobs,
            timeless.credits,
            timeless.parse_credits,
            timeless.unbilled_jobs
           FROM llamacloud_sync.extract_costs timeless
          WHERE (timeless.day IS NULL)) cost
     LEFT JOIN llamacloud.projects project ON ((project.id = cost.project_id)))
     LEFT JOIN llamacloud.saved_configurations saved ON ((saved.id = cost.configuration_id)));
comment on view llamacloud.job_costs is 'Jobs and credits by UTC day, list, project and configuration, also of jobs that are gone upstream. A parse job behind others is counted with the list parse and in their parse_credits: leave one of the two out of a sum over lists.';
comment on column llamacloud.job_costs.day is 'Day of creation in UTC. Null for jobs without created_at.';
comment on column llamacloud.job_costs.list is 'classify, parse or extract: of the other lists the API tells no credits.';
comment on column llamacloud.job_costs.project_id is 'Project that the jobs belong to.';
comment on column llamacloud.job_costs.project_name is 'Name of the project. Null where it is not known.';
comment on column llamacloud.job_costs.configuration_id is 'Saved configuration that the jobs were created with, if any.';
comment on column llamacloud.job_costs.configuration_name is 'Name of the saved configuration. Null where there is none, or it is not known.';
comment on column llamacloud.job_costs.jobs is 'How many jobs.';
comment on column llamacloud.job_costs.credits is 'Credits billed for them so far, parsing included. Null while none is known.';
comment on column llamacloud.job_costs.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud.job_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet: what their credits lack.';

create view llamacloud.parse_job_details as
  -- id text
  -- source text
  -- project_id text
  -- name text
  -- status text
  -- tier text
  -- error_message text
  -- user_metadata jsonb
  -- credits double precision
  -- created_at timestamp with time zone
  -- updated_at timestamp with time zone
  -- first_seen_at timestamp with time zone
  -- synced_at timestamp with time zone
  -- deleted_at timestamp with time zone
  -- created_day date
  -- duration_seconds double precision
  -- is_deleted boolean
  -- project_name text
 SELECT job.id,
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
    ((job.created_at AT TIME ZONE 'UTC'::text))::date AS created_day,
        CASE
            WHEN ((upper((job.status COLLATE "C")) = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) AND isfinite(job.created_at) AND isfinite(job.updated_at)) THEN (EXTRACT(epoch FROM (job.updated_at - job.created_at)))::double precision
            ELSE NULL::double precision
        END AS duration_seconds,
    (job.deleted_at IS NOT NULL) AS is_deleted,
    project.name AS project_name
   FROM (llamacloud.parse_jobs job
     LEFT JOIN llamacloud.projects project ON ((project.id = job.project_id)));
comment on view llamacloud.parse_job_details is 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
comment on column llamacloud.parse_job_details.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.parse_job_details.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.parse_job_details.project_id is 'Project that the job belongs to.';
comment on column llamacloud.parse_job_details.name is 'Name of the job, if any.';
comment on column llamacloud.parse_job_details.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.parse_job_details.tier is 'Tier that the document was parsed with, such as fast or agentic.';
comment on column llamacloud.parse_job_details.error_message is 'Why the job failed.';
comment on column llamacloud.parse_job_details.user_metadata is 'Keys and values that the user gave the job, if any.';
comment on column llamacloud.parse_job_details.credits is 'Credits billed for the job. Null until billing has recorded them.';
comment on column llamacloud.parse_job_details.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.parse_job_details.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.parse_job_details.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.parse_job_details.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.parse_job_details.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';
comment on column llamacloud.parse_job_details.created_day is 'Day of created_at in UTC. Null when created_at is.';
comment on column llamacloud.parse_job_details.duration_seconds is 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
comment on column llamacloud.parse_job_details.is_deleted is 'Whether the job was found to be deleted upstream.';
comment on column llamacloud.parse_job_details.project_name is 'Name of the project. Null where it is not known.';

create view llamacloud.split_job_details as
  -- id text
  -- source text
  -- project_id text
  -- user_id text
  -- status text
  -- document_input_type text
  -- file_input text
  -- transaction_id text
  -- configuration_id text
  -- categories jsonb
  -- splitting_strategy jsonb
  -- error_message text
  -- segments jsonb
  -- created_at timestamp with time zone
  -- updated_at timestamp with time zone
  -- first_seen_at timestamp with time zone
  -- synced_at timestamp with time zone
  -- deleted_at timestamp with time zone
  -- created_day date
  -- duration_seconds double precision
  -- is_deleted boolean
  -- project_name text
  -- configuration_name text
  -- file_name text
  -- parse_tier text
 SELECT job.id,
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
    ((job.created_at AT TIME ZONE 'UTC'::text))::date AS created_day,
        CASE
            WHEN ((upper((job.status COLLATE "C")) = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) AND isfinite(job.created_at) AND isfinite(job.updated_at)) THEN (EXTRACT(epoch FROM (job.updated_at - job.created_at)))::double precision
            ELSE NULL::double precision
        END AS duration_seconds,
    (job.deleted_at IS NOT NULL) AS is_deleted,
    project.name AS project_name,
    saved.name AS configuration_name,
    file.name AS file_name,
    parse.tier AS parse_tier
   FROM ((((llamacloud.split_jobs job
     LEFT JOIN llamacloud.projects project ON ((project.id = job.project_id)))
     LEFT JOIN llamacloud.saved_configurations saved ON ((saved.id = job.configuration_id)))
     LEFT JOIN llamacloud.files file ON ((file.id = job.file_input)))
     LEFT JOIN llamacloud.parse_jobs parse ON ((parse.id =
        CASE
            WHEN (job.document_input_type = 'parse_job_id'::text) THEN job.file_input
            ELSE NULL::text
        END)));
comment on view llamacloud.split_job_details is 'One row a job, with its duration and the names of what it refers to. A job that is gone upstream stays, as what it was.';
comment on column llamacloud.split_job_details.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.split_job_details.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.split_job_details.project_id is 'Project that the job belongs to.';
comment on column llamacloud.split_job_details.user_id is 'User who created the job.';
comment on column llamacloud.split_job_details.status is 'pending, processing, completed, failed or cancelled; the API may add others.';
comment on column llamacloud.split_job_details.document_input_type is 'Kind of file_input: url, file_id or parse_job_id.';
comment on column llamacloud.split_job_details.file_input is 'Document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.split_job_details.transaction_id is 'Idempotency key of the job, if any.';
comment on column llamacloud.split_job_details.configuration_id is 'Saved configuration of the job, if any.';
comment on column llamacloud.split_job_details.categories is 'Categories that pages can be assigned to, each {name, description}.';
comment on column llamacloud.split_job_details.splitting_strategy is 'How to split the document.';
comment on column llamacloud.split_job_details.error_message is 'Why the job failed.';
comment on column llamacloud.split_job_details.segments is 'Parts that were found, each {category, confidence_category, pages}.';
comment on column llamacloud.split_job_details.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.split_job_details.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.split_job_details.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.split_job_details.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.split_job_details.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';
comment on column llamacloud.split_job_details.created_day is 'Day of created_at in UTC. Null when created_at is.';
comment on column llamacloud.split_job_details.duration_seconds is 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
comment on column llamacloud.split_job_details.is_deleted is 'Whether the job was found to be deleted upstream.';
comment on column llamacloud.split_job_details.project_name is 'Name of the project. Null where it is not known.';
comment on column llamacloud.split_job_details.configuration_name is 'Name of the saved configuration. Null where there is none, or it is not known.';
comment on column llamacloud.split_job_details.file_name is 'Name of the file. Null unless SYNC_LOOKUPS has files.';
comment on column llamacloud.split_job_details.parse_tier is 'Tier that the document was parsed in. Null unless the list parse is synced.';

create view llamacloud.sync_freshness as
  -- source text
  -- project_id text
  -- covered_from timestamp with time zone
  -- watermark timestamp with time zone
  -- lag_seconds double precision
  -- open_jobs bigint
  -- rejects bigint
  -- last_success_at timestamp with time zone
  -- last_reconcile_at timestamp with time zone
  -- held_jobs bigint
  -- quarantined bigint
  -- dark_since timestamp with time zone
  -- settled_until timestamp with time zone
  -- list text
 SELECT name AS source,
    project_id,
    covered_from,
    watermark,
    (EXTRACT(epoch FROM
        CASE
            WHEN (head_read_at < now()) THEN (now() - head_read_at)
            WHEN (head_read_at IS NOT NULL) THEN '00:00:00'::interval
            ELSE NULL::interval
        END))::double precision AS lag_seconds,
    ( SELECT count(*) AS count
           FROM llamacloud_sync.rechecks recheck
          WHERE ((recheck.source = source.name) AND (recheck.seen_at IS NOT NULL) AND (recheck.gone_at IS NULL))) AS open_jobs,
    ( SELECT count(*) AS count
           FROM llamacloud_sync.rejects reject
          WHERE (reject.source = source.name)) AS rejects,
    last_success_at,
    ( SELECT
                CASE
                    WHEN (count(*) = count(span.read_at)) THEN min(span.read_at)
                    ELSE NULL::timestamp with time zone
                END AS "case"
           FROM llamacloud_sync.spans span
          WHERE (span.source = source.name)) AS last_reconcile_at,
    ( SELECT count(*) AS count
           FROM llamacloud_sync.rechecks recheck
          WHERE ((recheck.source = source.name) AND (recheck.missed_at IS NOT NULL) AND (recheck.gone_at IS NULL))) AS held_jobs,
    (( SELECT count(*) AS count
           FROM llamacloud_sync.rechecks recheck
          WHERE ((recheck.source = source.name) AND (recheck.reason IS NOT NULL))) + ( SELECT count(*) AS count
           FROM llamacloud_sync.spans span
          WHERE ((span.source = source.name) AND (span.reason IS NOT NULL)))) AS quarantined,
    dark_since,
    settled_until,
    list
   FROM llamacloud_sync.sources source;
comment on view llamacloud.sync_freshness is 'How fresh the data is, one row per source. Readers need no grant on llamacloud_sync.';
comment on column llamacloud.sync_freshness.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud.sync_freshness.project_id is 'Project that the source is limited to. Null for all projects that the key can see.';
comment on column llamacloud.sync_freshness.covered_from is 'Start of the coverage: every job created between here and the watermark is stored. Null before the first sync.';
comment on column llamacloud.sync_freshness.watermark is 'End of the coverage, by the clock of LlamaCloud. Null before the first sync.';
comment on column llamacloud.sync_freshness.lag_seconds is 'Seconds since the newest jobs were last read completely. Null before the first sync.';
comment on column llamacloud.sync_freshness.open_jobs is 'Unfinished jobs. They are checked again by id until they finish.';
comment on column llamacloud.sync_freshness.rejects is 'Items from the API that could not be stored as jobs. Should be 0.';
comment on column llamacloud.sync_freshness.last_success_at is 'When a cycle last succeeded. Null before the first success.';
comment on column llamacloud.sync_freshness.last_reconcile_at is 'Every stored job has been compared with the API since this moment. Null before the first full comparison.';
comment on column llamacloud.sync_freshness.held_jobs is 'Jobs that are missing upstream but not marked as deleted yet.';
comment on column llamacloud.sync_freshness.quarantined is 'Jobs and time spans that are set aside because the API fails for them, or the database refuses them. Should be 0.';
comment on column llamacloud.sync_freshness.dark_since is 'Since when LlamaCloud has returned none of the known jobs. Null while it returns some.';
comment on column llamacloud.sync_freshness.settled_until is 'Every row and change with an earlier synced_at or observed_at is stored, and none will be added. Use the lowest value of all sources for incremental loads.';
comment on column llamacloud.sync_freshness.list is 'List that the source reads, such as classify (SYNC_LISTS).';

create view llamacloud.sync_settings as
  -- review_below double precision
 SELECT COALESCE(( SELECT settings.review_below
           FROM llamacloud_sync.settings), (0.7)::double precision) AS review_below;
comment on view llamacloud.sync_settings is 'Settings of the worker that the other views depend on, in one row.';
comment on column llamacloud.sync_settings.review_below is 'Confidence below which a completed job counts as low confidence and is in classify_review_queue (SYNC_REVIEW_BELOW).';

create schema llamacloud_sync;
comment on schema llamacloud_sync is 'Memory of the llamacloud-sync worker. Readers need no grant on it.';

create table llamacloud_sync.classify_dirty_days (
  day date not null,
  marked_at timestamp with time zone not null default clock_timestamp()
);
CREATE INDEX classify_dirty_days_day ON llamacloud_sync.classify_dirty_days USING btree (day);
comment on table llamacloud_sync.classify_dirty_days is 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
comment on column llamacloud_sync.classify_dirty_days.day is 'The day, in UTC.';
comment on column llamacloud_sync.classify_dirty_days.marked_at is 'When it was marked, by the clock of this database.';

create table llamacloud_sync.classify_settled_days (
  day date not null,
  project_id text,
  outcome text not null,
  result_type text,
  jobs bigint not null,
  confidence_mean double precision,
  confidence_p10 double precision,
  confidence_p50 double precision,
  duration_mean_seconds double precision,
  duration_p50_seconds double precision,
  duration_p95_seconds double precision
);
CREATE INDEX classify_settled_days_day ON llamacloud_sync.classify_settled_days USING btree (day);
comment on table llamacloud_sync.classify_settled_days is 'Stored rows of classify_exact, for days that no longer change.';
comment on column llamacloud_sync.classify_settled_days.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_settled_days.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_settled_days.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_settled_days.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_settled_days.jobs is 'Number of jobs.';
comment on column llamacloud_sync.classify_settled_days.confidence_mean is 'Mean confidence, 0 to 1. Null if no job has one.';
comment on column llamacloud_sync.classify_settled_days.confidence_p10 is '10th percentile of confidence.';
comment on column llamacloud_sync.classify_settled_days.confidence_p50 is 'Median confidence.';
comment on column llamacloud_sync.classify_settled_days.duration_mean_seconds is 'Mean time from creation to the end, in seconds. Null for open jobs.';
comment on column llamacloud_sync.classify_settled_days.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud_sync.classify_settled_days.duration_p95_seconds is '95th percentile of the time from creation to the end, in seconds.';

create table llamacloud_sync.classify_settled_errors (
  day date not null,
  source text not null,
  project_id text,
  configuration_id text,
  configuration_hash text,
  error text,
  jobs bigint not null,
  first_job_at timestamp with time zone,
  last_job_at timestamp with time zone,
  example_job_id text
);
CREATE INDEX classify_settled_errors_day ON llamacloud_sync.classify_settled_errors USING btree (day);
comment on table llamacloud_sync.classify_settled_errors is 'Stored rows of classify_errors, for days that no longer change.';
comment on column llamacloud_sync.classify_settled_errors.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_settled_errors.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_settled_errors.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_settled_errors.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_settled_errors.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_settled_errors.error is 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
comment on column llamacloud_sync.classify_settled_errors.jobs is 'Number of jobs that failed with it.';
comment on column llamacloud_sync.classify_settled_errors.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud_sync.classify_settled_errors.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud_sync.classify_settled_errors.example_job_id is 'One of these jobs. Its error_message in classify_jobs is not masked.';

create table llamacloud_sync.classify_settled_spreads (
  day date not null,
  source text not null,
  project_id text,
  all_configurations boolean not null,
  configuration_id text,
  configuration_hash text,
  outcome text not null,
  result_type text,
  confidence_histogram integer[] not null,
  duration_histogram integer[] not null
);
CREATE INDEX classify_settled_spreads_day ON llamacloud_sync.classify_settled_spreads USING btree (all_configurations, day);
comment on table llamacloud_sync.classify_settled_spreads is 'Stored rows of classify_spreads, for days that no longer change.';
comment on column llamacloud_sync.classify_settled_spreads.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_settled_spreads.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_settled_spreads.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_settled_spreads.all_configurations is 'Whether the row covers all configurations. Use either these rows or the others, not both.';
comment on column llamacloud_sync.classify_settled_spreads.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_settled_spreads.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_settled_spreads.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_settled_spreads.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_settled_spreads.confidence_histogram is 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
comment on column llamacloud_sync.classify_settled_spreads.duration_histogram is 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';

create table llamacloud_sync.classify_settled_sums (
  day date not null,
  source text not null,
  project_id text,
  configuration_id text,
  configuration_hash text,
  outcome text not null,
  result_type text,
  jobs bigint not null,
  low_confidence_jobs bigint not null,
  confidence_jobs bigint not null,
  confidence_sum double precision,
  duration_jobs bigint not null,
  duration_sum double precision,
  first_job_at timestamp with time zone,
  last_job_at timestamp with time zone,
  credits double precision,
  parse_credits double precision,
  unbilled_jobs bigint not null default 0
);
CREATE INDEX classify_settled_sums_day ON llamacloud_sync.classify_settled_sums USING btree (day);
comment on table llamacloud_sync.classify_settled_sums is 'Stored rows of classify_sums, for days that no longer change.';
comment on column llamacloud_sync.classify_settled_sums.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_settled_sums.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_settled_sums.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_settled_sums.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_settled_sums.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_settled_sums.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_settled_sums.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_settled_sums.jobs is 'Number of jobs.';
comment on column llamacloud_sync.classify_settled_sums.low_confidence_jobs is 'Number of jobs with a confidence below sync_settings.review_below.';
comment on column llamacloud_sync.classify_settled_sums.confidence_jobs is 'Number of jobs with a confidence.';
comment on column llamacloud_sync.classify_settled_sums.confidence_sum is 'Sum of confidence. Divide by confidence_jobs for the mean.';
comment on column llamacloud_sync.classify_settled_sums.duration_jobs is 'Number of finished jobs whose duration is known: with created_at and updated_at.';
comment on column llamacloud_sync.classify_settled_sums.duration_sum is 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
comment on column llamacloud_sync.classify_settled_sums.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud_sync.classify_settled_sums.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud_sync.classify_settled_sums.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.classify_settled_sums.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.classify_settled_sums.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create table llamacloud_sync.credit_checks (
  source text not null,
  job_id text not null,
  due_at timestamp with time zone not null,
  failures integer not null default 0,
  constraint credit_checks_source_job_id_pk PRIMARY KEY (source, job_id),
  constraint credit_checks_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX credit_checks_due ON llamacloud_sync.credit_checks USING btree (source, due_at);
comment on table llamacloud_sync.credit_checks is 'Finished jobs to be asked for their credits, one request each (SYNC_CREDITS).';
comment on column llamacloud_sync.credit_checks.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.credit_checks.job_id is 'Id of the job.';
comment on column llamacloud_sync.credit_checks.due_at is 'When it is due to be asked for, by the clock of this database. Infinity means no more.';
comment on column llamacloud_sync.credit_checks.failures is 'Number of consecutive requests for it that failed.';

create table llamacloud_sync.extract_dirty_days (
  day date not null,
  marked_at timestamp with time zone not null default clock_timestamp()
);
CREATE INDEX extract_dirty_days_day ON llamacloud_sync.extract_dirty_days USING btree (day);
comment on table llamacloud_sync.extract_dirty_days is 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
comment on column llamacloud_sync.extract_dirty_days.day is 'The day, in UTC.';
comment on column llamacloud_sync.extract_dirty_days.marked_at is 'When it was marked, by the clock of this database.';

create table llamacloud_sync.extract_settled_costs (
  day date not null,
  project_id text,
  configuration_id text,
  jobs bigint not null,
  credits double precision,
  parse_credits double precision,
  unbilled_jobs bigint not null
);
CREATE INDEX extract_settled_costs_day ON llamacloud_sync.extract_settled_costs USING btree (day);
comment on table llamacloud_sync.extract_settled_costs is 'Stored rows of extract_costs, for days that no longer change.';
comment on column llamacloud_sync.extract_settled_costs.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.extract_settled_costs.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.extract_settled_costs.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.extract_settled_costs.jobs is 'Number of jobs.';
comment on column llamacloud_sync.extract_settled_costs.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.extract_settled_costs.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.extract_settled_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create table llamacloud_sync.lookups (
  source text not null,
  lookup text not null,
  due_at timestamp with time zone not null,
  reason text,
  read_until timestamp with time zone,
  read_id text,
  constraint lookups_source_lookup_pk PRIMARY KEY (source, lookup),
  constraint lookups_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
comment on table llamacloud_sync.lookups is 'What is read beside the jobs, by SYNC_LOOKUPS: one row for each, with when it is read again.';
comment on column llamacloud_sync.lookups.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.lookups.lookup is 'What is read: projects, configurations, the files that the jobs of a table name, or usage.';
comment on column llamacloud_sync.lookups.due_at is 'When it is read again, by the clock of this database.';
comment on column llamacloud_sync.lookups.reason is 'Why it could not be read the last time. Null when it could.';
comment on column llamacloud_sync.lookups.read_until is 'Of files: synced_at of the last job whose file was asked for. Of usage: the first day to be read.';
comment on column llamacloud_sync.lookups.read_id is 'Of files: the id of that job. Of usage: how many pages of these days were read, and the token of the next one.';

create table llamacloud_sync.migrations (
  name text not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint migrations_pkey PRIMARY KEY (name)
);
comment on table llamacloud_sync.migrations is 'Migrations that were applied to this database.';
comment on column llamacloud_sync.migrations.name is 'Name of the migration.';
comment on column llamacloud_sync.migrations.applied_at is 'When it was applied.';

create table llamacloud_sync.parse_dirty_days (
  day date not null,
  marked_at timestamp with time zone not null default clock_timestamp()
);
CREATE INDEX parse_dirty_days_day ON llamacloud_sync.parse_dirty_days USING btree (day);
comment on table llamacloud_sync.parse_dirty_days is 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
comment on column llamacloud_sync.parse_dirty_days.day is 'The day, in UTC.';
comment on column llamacloud_sync.parse_dirty_days.marked_at is 'When it was marked, by the clock of this database.';

create table llamacloud_sync.parse_settled_costs (
  day date not null,
  project_id text,
  configuration_id text,
  jobs bigint not null,
  credits double precision,
  parse_credits double precision,
  unbilled_jobs bigint not null
);
CREATE INDEX parse_settled_costs_day ON llamacloud_sync.parse_settled_costs USING btree (day);
comment on table llamacloud_sync.parse_settled_costs is 'Stored rows of parse_costs, for days that no longer change.';
comment on column llamacloud_sync.parse_settled_costs.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.parse_settled_costs.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.parse_settled_costs.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.parse_settled_costs.jobs is 'Number of jobs.';
comment on column llamacloud_sync.parse_settled_costs.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.parse_settled_costs.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.parse_settled_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create table llamacloud_sync.rechecks (
  source text not null,
  job_id text not null,
  noted_at timestamp with time zone not null,
  seen_at timestamp with time zone,
  due_at timestamp with time zone not null,
  missed_at timestamp with time zone,
  missed_again_at timestamp with time zone,
  gone_at timestamp with time zone,
  reason text,
  tries integer not null default 0,
  quarantined_at timestamp with time zone,
  constraint rechecks_source_job_id_pk PRIMARY KEY (source, job_id),
  constraint rechecks_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX rechecks_believable ON llamacloud_sync.rechecks USING btree (source, ((missed_again_at - missed_at))) WHERE ((missed_again_at IS NOT NULL) AND (gone_at IS NULL));
CREATE INDEX rechecks_due ON llamacloud_sync.rechecks USING btree (source, due_at) WHERE (reason IS NULL);
CREATE INDEX rechecks_held ON llamacloud_sync.rechecks USING btree (source, missed_at) WHERE ((missed_at IS NOT NULL) AND (gone_at IS NULL));
CREATE INDEX rechecks_open ON llamacloud_sync.rechecks USING btree (source, due_at) WHERE ((seen_at IS NOT NULL) AND (gone_at IS NULL));
CREATE INDEX rechecks_quarantined ON llamacloud_sync.rechecks USING btree (source, due_at) WHERE (reason IS NOT NULL);
comment on table llamacloud_sync.rechecks is 'Jobs to be checked again by id: unfinished, missing upstream, or recently marked as deleted.';
comment on column llamacloud_sync.rechecks.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.rechecks.job_id is 'Id of the job.';
comment on column llamacloud_sync.rechecks.noted_at is 'When it was added to this table. All times are by the clock of this database.';
comment on column llamacloud_sync.rechecks.seen_at is 'When the API last returned it unfinished. Null if it is only being looked for.';
comment on column llamacloud_sync.rechecks.due_at is 'When it is due to be checked again.';
comment on column llamacloud_sync.rechecks.missed_at is 'When the API first left it out while returning others of its project; infinity while it returns none of them. Null if it is not missing.';
comment on column llamacloud_sync.rechecks.missed_again_at is 'When the API left it out a second time, long enough after the first.';
comment on column llamacloud_sync.rechecks.gone_at is 'When it was marked as deleted. Null if it is not.';
comment on column llamacloud_sync.rechecks.reason is 'Why it is in quarantine: the error of the API. Null if it is not.';
comment on column llamacloud_sync.rechecks.tries is 'Number of attempts while in quarantine.';
comment on column llamacloud_sync.rechecks.quarantined_at is 'When it was put in quarantine.';

create table llamacloud_sync.rejects (
  id bigint not null generated always as identity,
  source text not null,
  reason text not null,
  payload text not null,
  fingerprint text not null,
  times_seen integer not null default 1,
  first_seen_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  constraint rejects_pkey PRIMARY KEY (id),
  constraint rejects_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint rejects_fingerprint UNIQUE (source, fingerprint)
);
CREATE INDEX rejects_by_source ON llamacloud_sync.rejects USING btree (source, last_seen_at);
comment on table llamacloud_sync.rejects is 'Items from the API that could not be stored as jobs, in full. The latest ones, kept for 90 days.';
comment on column llamacloud_sync.rejects.id is 'Number of the row.';
comment on column llamacloud_sync.rejects.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.rejects.reason is 'Why it could not be stored.';
comment on column llamacloud_sync.rejects.payload is 'The item as received, as JSON text.';
comment on column llamacloud_sync.rejects.fingerprint is 'SHA-256 of the payload: identical items are kept once.';
comment on column llamacloud_sync.rejects.times_seen is 'Number of times it was received.';
comment on column llamacloud_sync.rejects.first_seen_at is 'When it was first received, by the clock of this database.';
comment on column llamacloud_sync.rejects.last_seen_at is 'When it was last received, by the clock of this database.';

create table llamacloud_sync.runs (
  id bigint not null generated always as identity,
  source text not null,
  kind text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  outcome text not null,
  requests integer not null default 0,
  retries integer not null default 0,
  pages integer not null default 0,
  received integer not null default 0,
  inserted integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  stale integer not null default 0,
  rejected integer not null default 0,
  deletions integer not null default 0,
  repairs integer not null default 0,
  watermark_before timestamp with time zone,
  watermark_after timestamp with time zone,
  error text,
  commits integer not null default 0,
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX runs_by_source ON llamacloud_sync.runs USING btree (source, started_at);
CREATE INDEX runs_running ON llamacloud_sync.runs USING btree (source) WHERE (outcome = 'running'::text);
comment on table llamacloud_sync.runs is 'One row per run of the worker. Kept for 90 days.';
comment on column llamacloud_sync.runs.id is 'Number of the run.';
comment on column llamacloud_sync.runs.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.runs.kind is 'Command: sync, backfill, reconcile or accept-deletions.';
comment on column llamacloud_sync.runs.started_at is 'When it began, by the clock of this database.';
comment on column llamacloud_sync.runs.finished_at is 'When it ended. Null while it runs, or if its process was killed.';
comment on column llamacloud_sync.runs.outcome is 'running, succeeded, degraded (succeeded except for what is in quarantine), stopped (the next run continues), denied (the API does not allow this list), failed, or abandoned (killed).';
comment on column llamacloud_sync.runs.requests is 'Requests sent to the API, retries included.';
comment on column llamacloud_sync.runs.retries is 'Requests that were retries.';
comment on column llamacloud_sync.runs.pages is 'Pages committed.';
comment on column llamacloud_sync.runs.received is 'Items received = inserted + updated + unchanged + stale + rejected.';
comment on column llamacloud_sync.runs.inserted is 'Jobs stored for the first time.';
comment on column llamacloud_sync.runs.updated is 'Jobs whose stored content changed.';
comment on column llamacloud_sync.runs.unchanged is 'Jobs whose stored content was already the same.';
comment on column llamacloud_sync.runs.stale is 'Observations older than the stored ones, not written.';
comment on column llamacloud_sync.runs.rejected is 'Items without a usable id, kept in rejects.';
comment on column llamacloud_sync.runs.deletions is 'Jobs marked as deleted.';
comment on column llamacloud_sync.runs.repairs is 'Rows that a reading found to differ from the API and corrected. Should be 0.';
comment on column llamacloud_sync.runs.watermark_before is 'Watermark at the start of the run.';
comment on column llamacloud_sync.runs.watermark_after is 'Watermark at the end of the run.';
comment on column llamacloud_sync.runs.error is 'Why the run failed.';
comment on column llamacloud_sync.runs.commits is 'Transactions committed. If the number is lower than the worker counted, a failover lost some.';

create table llamacloud_sync.settings (
  is_only boolean not null default true,
  review_below double precision not null,
  constraint settings_pkey PRIMARY KEY (is_only),
  constraint settings_one_row CHECK (is_only),
  constraint settings_review_below CHECK (((review_below > (0)::double precision) AND (review_below <= (1)::double precision)))
);
comment on table llamacloud_sync.settings is 'Settings of the worker that the views depend on. No row until one was set: see sync_settings.';
comment on column llamacloud_sync.settings.is_only is 'Always true: there is at most one row.';
comment on column llamacloud_sync.settings.review_below is 'SYNC_REVIEW_BELOW, as it was last set.';

create table llamacloud_sync.source_projects (
  source text not null,
  project_id text not null,
  canaries text[] not null,
  constraint source_projects_source_project_id_pk PRIMARY KEY (source, project_id),
  constraint source_projects_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
comment on table llamacloud_sync.source_projects is 'Projects whose jobs a source has delivered.';
comment on column llamacloud_sync.source_projects.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.source_projects.project_id is 'Id of the project. Empty for jobs without a project.';
comment on column llamacloud_sync.source_projects.canaries is 'Ids of some of its jobs. They must all be stored, and the API must return some of them.';

create table llamacloud_sync.sources (
  name text not null,
  base_url text not null,
  project_id text,
  organization_id text,
  configuration_id text,
  covered_from timestamp with time zone,
  watermark timestamp with time zone,
  lease_owner text,
  lease_expires_at timestamp with time zone,
  fence bigint not null default 0,
  last_success_at timestamp with time zone,
  head_from timestamp with time zone,
  head_until timestamp with time zone,
  head_read_at timestamp with time zone,
  dark_since timestamp with time zone,
  probed_at timestamp with time zone,
  reconcile_every double precision,
  former_names text[] not null default '{}'::text[],
  page_size integer,
  settled_until timestamp with time zone not null default clock_timestamp(),
  list text not null default 'classify'::text,
  last_owner text,
  constraint sources_pkey PRIMARY KEY (name)
);
comment on table llamacloud_sync.sources is 'One row per source: its scope, coverage and lease.';
comment on column llamacloud_sync.sources.name is 'Name of the source (SYNC_SOURCE). For lists other than classify, a slash and the list follow, such as default/parse.';
comment on column llamacloud_sync.sources.base_url is 'Base URL of the API. Part of the scope.';
comment on column llamacloud_sync.sources.project_id is 'Project that the source is limited to. Null for all. Part of the scope.';
comment on column llamacloud_sync.sources.organization_id is 'Organization that the source is limited to. Null for all. Part of the scope.';
comment on column llamacloud_sync.sources.configuration_id is 'Configuration that the source is limited to. Null for all. Part of the scope.';
comment on column llamacloud_sync.sources.covered_from is 'Start of the coverage: every job created between here and the watermark is stored.';
comment on column llamacloud_sync.sources.watermark is 'End of the coverage, by the clock of the API.';
comment on column llamacloud_sync.sources.lease_owner is 'Worker that holds the lease: host, process id and a random part. Null while the lease is free.';
comment on column llamacloud_sync.sources.lease_expires_at is 'When the lease expires, by the clock of this database.';
comment on column llamacloud_sync.sources.fence is 'Counts the holders of the lease. A commit with an older number is refused.';
comment on column llamacloud_sync.sources.last_success_at is 'When a cycle last succeeded, by the clock of this database.';
comment on column llamacloud_sync.sources.head_from is 'Start of the head, the open span that ends at the present, by the clock of the API.';
comment on column llamacloud_sync.sources.head_until is 'Present, by the clock of the API, when the head was last read.';
comment on column llamacloud_sync.sources.head_read_at is 'When the head was last read, by the clock of this database.';
comment on column llamacloud_sync.sources.dark_since is 'Since when the API has returned none of the known jobs. Null while it returns some.';
comment on column llamacloud_sync.sources.probed_at is 'When the oldest jobs were last checked, by the clock of this database.';
comment on column llamacloud_sync.sources.reconcile_every is 'SYNC_RECONCILE_EVERY in seconds, as it applies to the spans. Null means never.';
comment on column llamacloud_sync.sources.former_names is 'Earlier names of the source.';
comment on column llamacloud_sync.sources.page_size is 'Jobs per page in the latest requests: fewer where jobs are large. Null means SYNC_PAGE_SIZE.';
comment on column llamacloud_sync.sources.settled_until is 'Everything observed before this moment is committed, and nothing older will follow.';
comment on column llamacloud_sync.sources.list is 'List that the source reads (SYNC_LISTS). Part of the scope.';
comment on column llamacloud_sync.sources.last_owner is 'Worker that last released the lease.';

create table llamacloud_sync.spans (
  source text not null,
  lower timestamp with time zone not null,
  upper timestamp with time zone not null,
  fresh_at timestamp with time zone not null,
  read_at timestamp with time zone,
  items integer,
  empties integer not null default 0,
  due_at timestamp with time zone,
  began_at timestamp with time zone,
  page_token text,
  pages integer not null default 0,
  reason text,
  tries integer not null default 0,
  quarantined_at timestamp with time zone,
  received integer not null default 0,
  constraint spans_source_lower_pk PRIMARY KEY (source, lower),
  constraint spans_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX spans_due ON llamacloud_sync.spans USING btree (source, due_at);
CREATE INDEX spans_quarantined ON llamacloud_sync.spans USING btree (source) WHERE (reason IS NOT NULL);
CREATE INDEX spans_read ON llamacloud_sync.spans USING btree (source, read_at NULLS FIRST);
comment on table llamacloud_sync.spans is 'The timeline: adjoining ranges of created_at, and when each was last read.';
comment on column llamacloud_sync.spans.source is 'Name of the source (SYNC_SOURCE).';
comment on column llamacloud_sync.spans.lower is 'Start of the span, inclusive, by the clock of the API.';
comment on column llamacloud_sync.spans.upper is 'End of the span, inclusive. The next span starts at the same instant.';
comment on column llamacloud_sync.spans.fresh_at is 'When the end of the span was the present, by the clock of this database.';
comment on column llamacloud_sync.spans.read_at is 'When its latest complete reading began. Null if it was never read.';
comment on column llamacloud_sync.spans.items is 'Number of items that this reading returned. Null if unknown.';
comment on column llamacloud_sync.spans.empties is 'Number of consecutive readings that returned no items.';
comment on column llamacloud_sync.spans.due_at is 'When it is due to be read next. Null means never.';
comment on column llamacloud_sync.spans.began_at is 'When the current reading began. Null if there is none.';
comment on column llamacloud_sync.spans.page_token is 'Token of the next page of the current reading, which continues here after a stop.';
comment on column llamacloud_sync.spans.pages is 'Committed pages of the current reading.';
comment on column llamacloud_sync.spans.reason is 'Why it is in quarantine: the error of the API. Null if it is not.';
comment on column llamacloud_sync.spans.tries is 'Number of attempts while in quarantine.';
comment on column llamacloud_sync.spans.quarantined_at is 'When it was put in quarantine.';
comment on column llamacloud_sync.spans.received is 'Items on those pages.';

create view llamacloud_sync.classify_errors as
  -- day date
  -- source text
  -- project_id text
  -- configuration_id text
  -- configuration_hash text
  -- error text
  -- jobs bigint
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- example_job_id text
 SELECT day,
    source,
    project_id,
    configuration_id,
    configuration_hash,
    error,
    count(*) AS jobs,
    min(created_at) AS first_job_at,
    max(created_at) AS last_job_at,
    max(id) AS example_job_id
   FROM ( SELECT ((job.created_at AT TIME ZONE 'UTC'::text))::date AS day,
            job.source,
            job.project_id,
            job.configuration_id,
            job.configuration_hash,
            job.id,
            job.created_at,
            regexp_replace("left"(job.error_message, 500), '[0-9A-Za-z_-]*[0-9](?:[0-9A-Za-z_-]|[.,:][0-9])*|\m[A-Za-z]*_?[0-9a-fA-F]{8,}\M'::text, '#'::text, 'g'::text) AS error
           FROM llamacloud.classify_jobs job
          WHERE (upper((job.status COLLATE "C")) = 'FAILED'::text)) failure
  GROUP BY day, source, project_id, configuration_id, configuration_hash, error;
comment on view llamacloud_sync.classify_errors is 'The rows of classify_daily_failures, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.classify_errors.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_errors.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_errors.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_errors.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_errors.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_errors.error is 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
comment on column llamacloud_sync.classify_errors.jobs is 'Number of jobs that failed with it.';
comment on column llamacloud_sync.classify_errors.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud_sync.classify_errors.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud_sync.classify_errors.example_job_id is 'One of these jobs. Its error_message in classify_jobs is not masked.';

create view llamacloud_sync.classify_exact as
  -- day date
  -- project_id text
  -- outcome text
  -- result_type text
  -- jobs bigint
  -- confidence_mean double precision
  -- confidence_p10 double precision
  -- confidence_p50 double precision
  -- duration_mean_seconds double precision
  -- duration_p50_seconds double precision
  -- duration_p95_seconds double precision
 SELECT created_day AS day,
    project_id,
    outcome,
    result_type,
    count(*) AS jobs,
    avg(result_confidence) AS confidence_mean,
    percentile_cont((0.1)::double precision) WITHIN GROUP (ORDER BY result_confidence) AS confidence_p10,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY result_confidence) AS confidence_p50,
    avg(duration_seconds) AS duration_mean_seconds,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY duration_seconds) AS duration_p50_seconds,
    percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY duration_seconds) AS duration_p95_seconds
   FROM llamacloud.classify_job_details detail
  GROUP BY created_day, project_id, outcome, result_type;
comment on view llamacloud_sync.classify_exact is 'The rows of classify_daily, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.classify_exact.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_exact.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_exact.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_exact.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_exact.jobs is 'Number of jobs.';
comment on column llamacloud_sync.classify_exact.confidence_mean is 'Mean confidence, 0 to 1. Null if no job has one.';
comment on column llamacloud_sync.classify_exact.confidence_p10 is '10th percentile of confidence.';
comment on column llamacloud_sync.classify_exact.confidence_p50 is 'Median confidence.';
comment on column llamacloud_sync.classify_exact.duration_mean_seconds is 'Mean time from creation to the end, in seconds. Null for open jobs.';
comment on column llamacloud_sync.classify_exact.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud_sync.classify_exact.duration_p95_seconds is '95th percentile of the time from creation to the end, in seconds.';

create view llamacloud_sync.classify_places as
  -- day date
  -- source text
  -- project_id text
  -- configuration_id text
  -- configuration_hash text
  -- outcome text
  -- result_type text
  -- confidence_place integer
  -- duration_place integer
  -- jobs bigint
 SELECT created_day AS day,
    source,
    project_id,
    configuration_id,
    configuration_hash,
    outcome,
    result_type,
    width_bucket(result_confidence, (0)::double precision, (1)::double precision, 20) AS confidence_place,
    (1 + width_bucket(ln(
        CASE
            WHEN (duration_seconds < (0.001)::double precision) THEN (0.001)::double precision
            ELSE duration_seconds
        END), (0)::double precision, ln((65536)::double precision), 160)) AS duration_place,
    count(*) AS jobs
   FROM llamacloud.classify_job_details job
  GROUP BY created_day, source, project_id, configuration_id, configuration_hash, outcome, result_type, (width_bucket(result_confidence, (0)::double precision, (1)::double precision, 20)), (1 + width_bucket(ln(
        CASE
            WHEN (duration_seconds < (0.001)::double precision) THEN (0.001)::double precision
            ELSE duration_seconds
        END), (0)::double precision, ln((65536)::double precision), 160));
comment on view llamacloud_sync.classify_places is 'Number of jobs in each bucket of the histograms. Query one day at a time.';
comment on column llamacloud_sync.classify_places.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_places.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_places.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_places.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_places.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_places.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_places.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_places.confidence_place is 'Bucket by confidence, from 1. Null for jobs without one.';
comment on column llamacloud_sync.classify_places.duration_place is 'Bucket by duration, from 1. Null for open jobs.';
comment on column llamacloud_sync.classify_places.jobs is 'Number of jobs in these buckets.';

create view llamacloud_sync.classify_spreads as
  -- day date
  -- source text
  -- project_id text
  -- all_configurations boolean
  -- configuration_id text
  -- configuration_hash text
  -- outcome text
  -- result_type text
  -- confidence_histogram integer[]
  -- duration_histogram integer[]
 SELECT detail.day,
    detail.source,
    detail.project_id,
    true AS all_configurations,
    NULL::text AS configuration_id,
    NULL::text AS configuration_hash,
    detail.outcome,
    detail.result_type,
    ARRAY[(COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 1)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 2)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 3)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 4)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 5)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 6)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 7)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 8)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 9)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 10)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 11)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 12)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 13)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 14)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 15)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 16)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 17)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 18)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 19)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 20)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 21)), (0)::numeric))::integer] AS confidence_histogram,
    ARRAY[(COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 1)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 2)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 3)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 4)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 5)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 6)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 7)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 8)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 9)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 10)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 11)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 12)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 13)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 14)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 15)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 16)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 17)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 18)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 19)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 20)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 21)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 22)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 23)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 24)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 25)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 26)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 27)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 28)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 29)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 30)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 31)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 32)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 33)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 34)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 35)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 36)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 37)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 38)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 39)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 40)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 41)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 42)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 43)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 44)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 45)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 46)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 47)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 48)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 49)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 50)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 51)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 52)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 53)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 54)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 55)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 56)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 57)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 58)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 59)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 60)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 61)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 62)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 63)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 64)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 65)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 66)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 67)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 68)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 69)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 70)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 71)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 72)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 73)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 74)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 75)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 76)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 77)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 78)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 79)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 80)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 81)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 82)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 83)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 84)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 85)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 86)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 87)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 88)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 89)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 90)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 91)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 92)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 93)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 94)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 95)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 96)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 97)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 98)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 99)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 100)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 101)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 102)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 103)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 104)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 105)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 106)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 107)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 108)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 109)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 110)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 111)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 112)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 113)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 114)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 115)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 116)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 117)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 118)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 119)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 120)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 121)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 122)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 123)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 124)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 125)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 126)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 127)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 128)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 129)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 130)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 131)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 132)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 133)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 134)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 135)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 136)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 137)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 138)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 139)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 140)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 141)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 142)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 143)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 144)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 145)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 146)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 147)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 148)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 149)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 150)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 151)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 152)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 153)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 154)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 155)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 156)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 157)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 158)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 159)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 160)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 161)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 162)), (0)::numeric))::integer] AS duration_histogram
   FROM llamacloud_sync.classify_places detail
  GROUP BY detail.day, detail.source, detail.project_id, detail.outcome, detail.result_type
UNION ALL
 SELECT detail.day,
    detail.source,
    detail.project_id,
    false AS all_configurations,
    detail.configuration_id,
    detail.configuration_hash,
    detail.outcome,
    detail.result_type,
    ARRAY[(COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 1)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 2)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 3)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 4)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 5)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 6)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 7)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 8)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 9)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 10)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 11)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 12)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 13)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 14)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 15)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 16)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 17)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 18)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 19)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 20)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.confidence_place = 21)), (0)::numeric))::integer] AS confidence_histogram,
    ARRAY[(COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 1)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 2)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 3)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 4)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 5)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 6)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 7)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 8)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 9)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 10)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 11)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 12)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 13)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 14)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 15)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 16)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 17)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 18)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 19)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 20)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 21)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 22)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 23)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 24)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 25)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 26)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 27)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 28)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 29)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 30)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 31)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 32)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 33)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 34)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 35)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 36)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 37)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 38)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 39)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 40)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 41)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 42)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 43)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 44)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 45)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 46)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 47)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 48)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 49)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 50)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 51)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 52)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 53)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 54)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 55)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 56)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 57)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 58)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 59)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 60)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 61)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 62)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 63)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 64)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 65)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 66)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 67)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 68)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 69)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 70)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 71)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 72)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 73)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 74)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 75)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 76)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 77)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 78)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 79)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 80)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 81)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 82)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 83)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 84)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 85)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 86)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 87)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 88)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 89)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 90)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 91)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 92)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 93)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 94)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 95)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 96)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 97)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 98)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 99)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 100)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 101)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 102)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 103)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 104)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 105)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 106)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 107)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 108)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 109)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 110)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 111)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 112)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 113)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 114)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 115)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 116)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 117)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 118)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 119)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 120)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 121)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 122)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 123)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 124)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 125)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 126)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 127)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 128)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 129)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 130)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 131)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 132)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 133)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 134)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 135)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 136)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 137)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 138)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 139)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 140)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 141)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 142)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 143)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 144)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 145)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 146)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 147)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 148)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 149)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 150)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 151)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 152)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 153)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 154)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 155)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 156)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 157)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 158)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 159)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 160)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 161)), (0)::numeric))::integer, (COALESCE(sum(detail.jobs) FILTER (WHERE (detail.duration_place = 162)), (0)::numeric))::integer] AS duration_histogram
   FROM llamacloud_sync.classify_places detail
  GROUP BY detail.day, detail.source, detail.project_id, detail.configuration_id, detail.configuration_hash, detail.outcome, detail.result_type;
comment on view llamacloud_sync.classify_spreads is 'The rows of classify_histograms, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.classify_spreads.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_spreads.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_spreads.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_spreads.all_configurations is 'Whether the row covers all configurations. Use either these rows or the others, not both.';
comment on column llamacloud_sync.classify_spreads.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_spreads.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_spreads.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_spreads.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_spreads.confidence_histogram is 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
comment on column llamacloud_sync.classify_spreads.duration_histogram is 'Histogram of durations: buckets of a tenth of an octave, the first below 1 second, the last from 18.2 hours. Sum it element by element; input for duration_percentile.';

create view llamacloud_sync.classify_sums as
  -- day date
  -- source text
  -- project_id text
  -- configuration_id text
  -- configuration_hash text
  -- outcome text
  -- result_type text
  -- jobs bigint
  -- low_confidence_jobs bigint
  -- confidence_jobs bigint
  -- confidence_sum double precision
  -- duration_jobs bigint
  -- duration_sum double precision
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- credits double precision
  -- parse_credits double precision
  -- unbilled_jobs bigint
 SELECT created_day AS day,
    source,
    project_id,
    configuration_id,
    configuration_hash,
    outcome,
    result_type,
    count(*) AS jobs,
    count(*) FILTER (WHERE (result_confidence < ( SELECT sync_settings.review_below
           FROM llamacloud.sync_settings))) AS low_confidence_jobs,
    count(result_confidence) AS confidence_jobs,
    sum(result_confidence) AS confidence_sum,
    count(duration_seconds) AS duration_jobs,
    sum(duration_seconds) AS duration_sum,
    min(created_at) AS first_job_at,
    max(created_at) AS last_job_at,
    sum(credits) AS credits,
    sum(parse_credits) AS parse_credits,
    count(*) FILTER (WHERE ((upper((status COLLATE "C")) = 'COMPLETED'::text) AND (credits IS NULL))) AS unbilled_jobs
   FROM ( SELECT classify_jobs.source,
            classify_jobs.project_id,
            classify_jobs.configuration_id,
            classify_jobs.configuration_hash,
            classify_jobs.status,
            classify_jobs.result_type,
            classify_jobs.result_confidence,
            classify_jobs.created_at,
            classify_jobs.credits,
            classify_jobs.parse_credits,
            ((classify_jobs.created_at AT TIME ZONE 'UTC'::text))::date AS created_day,
                CASE upper((classify_jobs.status COLLATE "C"))
                    WHEN 'COMPLETED'::text THEN
                    CASE
                        WHEN (classify_jobs.result_type IS NULL) THEN 'unmatched'::text
                        ELSE 'matched'::text
                    END
                    WHEN 'FAILED'::text THEN 'failed'::text
                    WHEN 'CANCELLED'::text THEN 'cancelled'::text
                    ELSE 'open'::text
                END AS outcome,
                CASE
                    WHEN ((upper((classify_jobs.status COLLATE "C")) = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) AND isfinite(classify_jobs.created_at) AND isfinite(classify_jobs.updated_at)) THEN (EXTRACT(epoch FROM (classify_jobs.updated_at - classify_jobs.created_at)))::double precision
                    ELSE NULL::double precision
                END AS duration_seconds
           FROM llamacloud.classify_jobs) job
  GROUP BY created_day, source, project_id, configuration_id, configuration_hash, outcome, result_type;
comment on view llamacloud_sync.classify_sums is 'The rows of classify_statistics, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.classify_sums.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.classify_sums.source is 'Source that first delivered the jobs (SYNC_SOURCE).';
comment on column llamacloud_sync.classify_sums.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.classify_sums.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.classify_sums.configuration_hash is 'Hash of the rules and options of the jobs: see classify_configurations.';
comment on column llamacloud_sync.classify_sums.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud_sync.classify_sums.result_type is 'Document type of the result. Filter by outcome too: the API may name one for a job that did not match.';
comment on column llamacloud_sync.classify_sums.jobs is 'Number of jobs.';
comment on column llamacloud_sync.classify_sums.low_confidence_jobs is 'Number of jobs with a confidence below sync_settings.review_below.';
comment on column llamacloud_sync.classify_sums.confidence_jobs is 'Number of jobs with a confidence.';
comment on column llamacloud_sync.classify_sums.confidence_sum is 'Sum of confidence. Divide by confidence_jobs for the mean.';
comment on column llamacloud_sync.classify_sums.duration_jobs is 'Number of finished jobs whose duration is known: with created_at and updated_at.';
comment on column llamacloud_sync.classify_sums.duration_sum is 'Sum of the seconds from creation to the end. Divide by duration_jobs for the mean.';
comment on column llamacloud_sync.classify_sums.first_job_at is 'When the first of these jobs was created.';
comment on column llamacloud_sync.classify_sums.last_job_at is 'When the last of these jobs was created.';
comment on column llamacloud_sync.classify_sums.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.classify_sums.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.classify_sums.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create view llamacloud_sync.extract_costs as
  -- day date
  -- project_id text
  -- configuration_id text
  -- jobs bigint
  -- credits double precision
  -- parse_credits double precision
  -- unbilled_jobs bigint
 SELECT ((created_at AT TIME ZONE 'UTC'::text))::date AS day,
    project_id,
    configuration_id,
    count(*) AS jobs,
    sum(credits) AS credits,
    sum(parse_credits) AS parse_credits,
    count(*) FILTER (WHERE ((upper((status COLLATE "C")) = 'COMPLETED'::text) AND (credits IS NULL))) AS unbilled_jobs
   FROM llamacloud.extract_jobs
  GROUP BY (((created_at AT TIME ZONE 'UTC'::text))::date), project_id, configuration_id;
comment on view llamacloud_sync.extract_costs is 'The rows of job_costs for extract jobs, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.extract_costs.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.extract_costs.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.extract_costs.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.extract_costs.jobs is 'Number of jobs.';
comment on column llamacloud_sync.extract_costs.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.extract_costs.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.extract_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet.';

create view llamacloud_sync.parse_costs as
  -- day date
  -- project_id text
  -- configuration_id text
  -- jobs bigint
  -- credits double precision
  -- parse_credits double precision
  -- unbilled_jobs bigint
 SELECT ((created_at AT TIME ZONE 'UTC'::text))::date AS day,
    project_id,
    NULL::text AS configuration_id,
    count(*) AS jobs,
    sum(credits) AS credits,
    sum(credits) AS parse_credits,
    count(*) FILTER (WHERE ((upper((status COLLATE "C")) = 'COMPLETED'::text) AND (credits IS NULL))) AS unbilled_jobs
   FROM llamacloud.parse_jobs
  GROUP BY (((created_at AT TIME ZONE 'UTC'::text))::date), project_id, NULL::text;
comment on view llamacloud_sync.parse_costs is 'The rows of job_costs for parse jobs, computed from the jobs. Query one day at a time.';
comment on column llamacloud_sync.parse_costs.day is 'Day of creation, in UTC. Null for jobs without created_at.';
comment on column llamacloud_sync.parse_costs.project_id is 'Project of the jobs.';
comment on column llamacloud_sync.parse_costs.configuration_id is 'Saved configuration of the jobs, if any.';
comment on column llamacloud_sync.parse_costs.jobs is 'Number of jobs.';
comment on column llamacloud_sync.parse_costs.credits is 'Credits billed for the jobs so far, parsing included. Null while none is known.';
comment on column llamacloud_sync.parse_costs.parse_credits is 'Of these, credits for parsing.';
comment on column llamacloud_sync.parse_costs.unbilled_jobs is 'Completed jobs whose credits are not known yet.';
