create schema llamacloud;
comment on schema llamacloud is 'LlamaCloud jobs, kept equal to the API by llamacloud-sync. For people and BI tools.';

create table llamacloud.batch_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint batch_changes_pkey PRIMARY KEY (id),
  constraint batch_changes_job_id_batches_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.batches(id)
);
CREATE INDEX batch_changes_job_id ON llamacloud.batch_changes USING btree (job_id);
comment on table llamacloud.batch_changes is 'One row for each change of a batch that was observed after it was first stored.';
comment on column llamacloud.batch_changes.id is 'Number of the change, in the order of observation.';
comment on column llamacloud.batch_changes.job_id is 'The job that changed.';
comment on column llamacloud.batch_changes.observed_at is 'When the change was observed. It happened at some moment since the observation before.';
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
comment on table llamacloud.batches is 'Batches of LlamaCloud, one row a batch, kept equal to the API.';
comment on column llamacloud.batches.id is 'Id of the batch, given by LlamaCloud.';
comment on column llamacloud.batches.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.batches.project_id is 'Project that the batch belongs to.';
comment on column llamacloud.batches.status is 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.batches.source_directory_id is 'Directory whose files the batch goes through.';
comment on column llamacloud.batches.job_type is 'What is done with each file: parse_v2 or extract_v2.';
comment on column llamacloud.batches.configuration_id is 'Configuration that the jobs of the batch run with.';
comment on column llamacloud.batches.created_at is 'When the batch was created, by the clock of LlamaCloud.';
comment on column llamacloud.batches.updated_at is 'When the batch last changed, by the clock of LlamaCloud.';
comment on column llamacloud.batches.extra is 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
comment on column llamacloud.batches.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.batches.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.batches.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';

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
comment on table llamacloud.classify_configurations is 'Distinct configurations that jobs ran with. Thousands of jobs share one.';
comment on column llamacloud.classify_configurations.hash is 'SHA-256 of the configuration as canonical JSON.';
comment on column llamacloud.classify_configurations.mode is 'Execution mode, such as FAST.';
comment on column llamacloud.classify_configurations.lang is 'Language that documents are read in, as an ISO 639-1 code.';
comment on column llamacloud.classify_configurations.max_pages is 'How many pages of a document are read at most. Null for all.';
comment on column llamacloud.classify_configurations.target_pages is 'Which pages of a document are read, such as 1,3,5-7. Null for all.';
comment on column llamacloud.classify_configurations.rule_count is 'How many rules it has.';
comment on column llamacloud.classify_configurations.document is 'The whole configuration as received.';
comment on column llamacloud.classify_configurations.first_seen_at is 'When the configuration was first stored here.';

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
  constraint classify_job_changes_pkey PRIMARY KEY (id),
  constraint classify_job_changes_job_id_classify_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.classify_jobs(id)
);
CREATE INDEX classify_job_changes_job_id ON llamacloud.classify_job_changes USING btree (job_id);
comment on table llamacloud.classify_job_changes is 'One row for each change of a job that was observed after it was first stored.';
comment on column llamacloud.classify_job_changes.id is 'Number of the change, in the order of observation.';
comment on column llamacloud.classify_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.classify_job_changes.observed_at is 'When the change was observed. It happened at some moment since the observation before.';
comment on column llamacloud.classify_job_changes.from_status is 'Status before.';
comment on column llamacloud.classify_job_changes.to_status is 'Status after.';
comment on column llamacloud.classify_job_changes.from_result_type is 'Result type before.';
comment on column llamacloud.classify_job_changes.to_result_type is 'Result type after.';
comment on column llamacloud.classify_job_changes.from_updated_at is 'updated_at before.';
comment on column llamacloud.classify_job_changes.to_updated_at is 'updated_at after.';

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
  constraint classify_jobs_pkey PRIMARY KEY (id),
  constraint classify_jobs_configuration_hash_classify_configurations_hash_f FOREIGN KEY (configuration_hash) REFERENCES llamacloud.classify_configurations(hash)
);
CREATE INDEX classify_jobs_created_at ON llamacloud.classify_jobs USING btree (created_at);
CREATE INDEX classify_jobs_created_day ON llamacloud.classify_jobs USING btree ((((created_at AT TIME ZONE 'UTC'::text))::date));
CREATE INDEX classify_jobs_failed ON llamacloud.classify_jobs USING btree (created_at) WHERE (status = 'FAILED'::text);
CREATE INDEX classify_jobs_review_queue ON llamacloud.classify_jobs USING btree (created_at DESC NULLS LAST) WHERE ((status = 'COMPLETED'::text) AND (deleted_at IS NULL) AND ((result_type IS NULL) OR (result_confidence < (0.7)::double precision)));
comment on table llamacloud.classify_jobs is 'Classify jobs of LlamaCloud, one row a job, kept equal to the API.';
comment on column llamacloud.classify_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_jobs.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.classify_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_jobs.user_id is 'User who created the job.';
comment on column llamacloud.classify_jobs.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.classify_jobs.document_input_type is 'What file_input names: url, file_id or parse_job_id.';
comment on column llamacloud.classify_jobs.file_input is 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_jobs.parse_job_id is 'Parse job that the document came from, if any.';
comment on column llamacloud.classify_jobs.transaction_id is 'Idempotency key that the job was created with, if any.';
comment on column llamacloud.classify_jobs.configuration_id is 'Saved configuration that the job was created with, if any.';
comment on column llamacloud.classify_jobs.configuration_hash is 'The rules and options that the job ran with: see classify_configurations.';
comment on column llamacloud.classify_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.classify_jobs.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_jobs.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_jobs.result_reasoning is 'Why the document matched, or did not match, in words.';
comment on column llamacloud.classify_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.classify_jobs.extra is 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
comment on column llamacloud.classify_jobs.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.classify_jobs.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.classify_jobs.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';

create table llamacloud.classify_rules (
  configuration_hash text not null,
  position integer not null,
  type text,
  description text,
  constraint classify_rules_configuration_hash_position_pk PRIMARY KEY (configuration_hash, "position"),
  constraint classify_rules_configuration_hash_classify_configurations_hash_ FOREIGN KEY (configuration_hash) REFERENCES llamacloud.classify_configurations(hash)
);
comment on table llamacloud.classify_rules is 'The rules of each configuration.';
comment on column llamacloud.classify_rules.configuration_hash is 'The configuration that the rule is part of.';
comment on column llamacloud.classify_rules.position is 'Place of the rule in its configuration, from 0.';
comment on column llamacloud.classify_rules.type is 'Document type that is given when the rule matches.';
comment on column llamacloud.classify_rules.description is 'What a document must be for the rule to match, in words.';

create table llamacloud.extract_configurations (
  hash text not null,
  document jsonb not null,
  first_seen_at timestamp with time zone not null,
  constraint extract_configurations_pkey PRIMARY KEY (hash)
);
comment on table llamacloud.extract_configurations is 'Distinct configurations that extract jobs ran with. Thousands of jobs share one.';
comment on column llamacloud.extract_configurations.hash is 'SHA-256 of the configuration as canonical JSON.';
comment on column llamacloud.extract_configurations.document is 'The whole configuration as received.';
comment on column llamacloud.extract_configurations.first_seen_at is 'When the configuration was first stored here.';

create table llamacloud.extract_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint extract_job_changes_pkey PRIMARY KEY (id),
  constraint extract_job_changes_job_id_extract_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.extract_jobs(id)
);
CREATE INDEX extract_job_changes_job_id ON llamacloud.extract_job_changes USING btree (job_id);
comment on table llamacloud.extract_job_changes is 'One row for each change of an extract job that was observed after it was first stored.';
comment on column llamacloud.extract_job_changes.id is 'Number of the change, in the order of observation.';
comment on column llamacloud.extract_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.extract_job_changes.observed_at is 'When the change was observed. It happened at some moment since the observation before.';
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
comment on table llamacloud.extract_jobs is 'Extract jobs of LlamaCloud, one row a job, kept equal to the API. What was extracted is not stored.';
comment on column llamacloud.extract_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.extract_jobs.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.extract_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.extract_jobs.status is 'PENDING, THROTTLED, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.extract_jobs.file_input is 'The document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.extract_jobs.configuration_id is 'Saved configuration that the job was created with, if any.';
comment on column llamacloud.extract_jobs.configuration_hash is 'The schema and options that the job ran with: see extract_configurations.';
comment on column llamacloud.extract_jobs.parse_job_id is 'Parse job that the document came from, if any.';
comment on column llamacloud.extract_jobs.parse_tier is 'Tier that the document was parsed in.';
comment on column llamacloud.extract_jobs.metadata is 'What else is said of the job, such as its number of pages.';
comment on column llamacloud.extract_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.extract_jobs.credits is 'Credits billed for the job, parsing included. Null until billing has recorded them.';
comment on column llamacloud.extract_jobs.extract_credits is 'Credits billed for the extraction alone.';
comment on column llamacloud.extract_jobs.parse_credits is 'Credits billed for the parse job behind it, which may be behind other jobs as well.';
comment on column llamacloud.extract_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.extract_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.extract_jobs.extra is 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
comment on column llamacloud.extract_jobs.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.extract_jobs.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.extract_jobs.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';

create table llamacloud.parse_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint parse_job_changes_pkey PRIMARY KEY (id),
  constraint parse_job_changes_job_id_parse_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.parse_jobs(id)
);
CREATE INDEX parse_job_changes_job_id ON llamacloud.parse_job_changes USING btree (job_id);
comment on table llamacloud.parse_job_changes is 'One row for each change of a parse job that was observed after it was first stored.';
comment on column llamacloud.parse_job_changes.id is 'Number of the change, in the order of observation.';
comment on column llamacloud.parse_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.parse_job_changes.observed_at is 'When the change was observed. It happened at some moment since the observation before.';
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
comment on table llamacloud.parse_jobs is 'Parse jobs of LlamaCloud, one row a job, kept equal to the API.';
comment on column llamacloud.parse_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.parse_jobs.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.parse_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.parse_jobs.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.parse_jobs.name is 'Name that the job was given, if any.';
comment on column llamacloud.parse_jobs.tier is 'Tier that the document was parsed in, such as fast or agentic.';
comment on column llamacloud.parse_jobs.user_metadata is 'Keys and values that the job was given, if any.';
comment on column llamacloud.parse_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.parse_jobs.credits is 'Credits billed for the job. Null until billing has recorded them.';
comment on column llamacloud.parse_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.parse_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.parse_jobs.extra is 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
comment on column llamacloud.parse_jobs.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.parse_jobs.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.parse_jobs.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';

create table llamacloud.split_job_changes (
  id bigint not null generated always as identity,
  job_id text not null,
  observed_at timestamp with time zone not null,
  from_status text,
  to_status text,
  from_updated_at timestamp with time zone,
  to_updated_at timestamp with time zone,
  constraint split_job_changes_pkey PRIMARY KEY (id),
  constraint split_job_changes_job_id_split_jobs_id_fk FOREIGN KEY (job_id) REFERENCES llamacloud.split_jobs(id)
);
CREATE INDEX split_job_changes_job_id ON llamacloud.split_job_changes USING btree (job_id);
comment on table llamacloud.split_job_changes is 'One row for each change of a split job that was observed after it was first stored.';
comment on column llamacloud.split_job_changes.id is 'Number of the change, in the order of observation.';
comment on column llamacloud.split_job_changes.job_id is 'The job that changed.';
comment on column llamacloud.split_job_changes.observed_at is 'When the change was observed. It happened at some moment since the observation before.';
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
comment on table llamacloud.split_jobs is 'Split jobs of LlamaCloud, one row a job, kept equal to the API.';
comment on column llamacloud.split_jobs.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.split_jobs.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.split_jobs.project_id is 'Project that the job belongs to.';
comment on column llamacloud.split_jobs.user_id is 'User who created the job.';
comment on column llamacloud.split_jobs.status is 'pending, processing, completed, failed or cancelled; the API may add others.';
comment on column llamacloud.split_jobs.document_input_type is 'What file_input names: url, file_id or parse_job_id.';
comment on column llamacloud.split_jobs.file_input is 'The document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.split_jobs.transaction_id is 'Idempotency key that the job was created with, if any.';
comment on column llamacloud.split_jobs.configuration_id is 'Saved configuration that the job was created with, if any.';
comment on column llamacloud.split_jobs.categories is 'The categories that pages could be given, each {name, description}.';
comment on column llamacloud.split_jobs.splitting_strategy is 'How the document was to be split.';
comment on column llamacloud.split_jobs.error_message is 'Why the job failed.';
comment on column llamacloud.split_jobs.segments is 'The parts that were found, each {category, confidence_category, pages}.';
comment on column llamacloud.split_jobs.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.split_jobs.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.split_jobs.extra is 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
comment on column llamacloud.split_jobs.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.split_jobs.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.split_jobs.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';

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
comment on view llamacloud.classify_daily is 'Jobs by UTC day, project, outcome and type, also those that are gone upstream. Ask for some days (where day >= …) and it takes milliseconds; all days take about 3 seconds on 1,000,000 jobs, as every percentile needs every job.';
comment on column llamacloud.classify_daily.day is 'Day of creation in UTC. Null for jobs without created_at.';
comment on column llamacloud.classify_daily.project_id is 'Project that the jobs belong to.';
comment on column llamacloud.classify_daily.outcome is 'matched, unmatched, failed, cancelled or open: see classify_job_details.';
comment on column llamacloud.classify_daily.result_type is 'Document type that was found. Null unless the outcome is matched.';
comment on column llamacloud.classify_daily.jobs is 'How many jobs.';
comment on column llamacloud.classify_daily.confidence_mean is 'Mean confidence, 0 to 1. Null when no job has one.';
comment on column llamacloud.classify_daily.confidence_p10 is 'Confidence that a tenth of the jobs stay below.';
comment on column llamacloud.classify_daily.confidence_p50 is 'Median confidence.';
comment on column llamacloud.classify_daily.duration_mean_seconds is 'Mean time from creation to the end, in seconds. Null for open jobs.';
comment on column llamacloud.classify_daily.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud.classify_daily.duration_p95_seconds is 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';

create view llamacloud.classify_failures as
  -- error text
  -- jobs bigint
  -- first_job_at timestamp with time zone
  -- last_job_at timestamp with time zone
  -- example_job_id text
 SELECT error,
    count(*) AS jobs,
    min(created_at) AS first_job_at,
    max(created_at) AS last_job_at,
    max(id) AS example_job_id
   FROM ( SELECT job.id,
            job.created_at,
            regexp_replace("left"(job.error_message, 500), '[0-9A-Za-z_-]*[0-9](?:[0-9A-Za-z_-]|[.,:][0-9])*|\m[A-Za-z]*_?[0-9a-fA-F]{8,}\M'::text, '#'::text, 'g'::text) AS error
           FROM llamacloud.classify_jobs job
          WHERE (job.status = 'FAILED'::text)) failure
  GROUP BY error;
comment on view llamacloud.classify_failures is 'Failed jobs by cause, also those that are gone upstream: error messages are taken for the same when they differ only in ids, hex and numbers.';
comment on column llamacloud.classify_failures.error is 'Error message (its first 500 characters) with every word that holds a digit as #. Null when there is none.';
comment on column llamacloud.classify_failures.jobs is 'How many jobs failed with it.';
comment on column llamacloud.classify_failures.first_job_at is 'When the first of them was created.';
comment on column llamacloud.classify_failures.last_job_at is 'When the last of them was created.';
comment on column llamacloud.classify_failures.example_job_id is 'One of them: its error_message in classify_jobs is not masked.';

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
 SELECT job.id,
    job.source,
    job.project_id,
    job.user_id,
    job.status,
        CASE
            WHEN ((job.status = 'COMPLETED'::text) AND (job.result_type IS NOT NULL)) THEN 'matched'::text
            WHEN (job.status = 'COMPLETED'::text) THEN 'unmatched'::text
            WHEN (job.status = 'FAILED'::text) THEN 'failed'::text
            WHEN (job.status = 'CANCELLED'::text) THEN 'cancelled'::text
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
            WHEN (job.status = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) THEN (EXTRACT(epoch FROM (job.updated_at - job.created_at)))::double precision
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
    (job.deleted_at IS NOT NULL) AS is_deleted
   FROM (llamacloud.classify_jobs job
     LEFT JOIN llamacloud.classify_configurations configuration ON ((configuration.hash = job.configuration_hash)));
comment on view llamacloud.classify_job_details is 'One row a job, with its outcome, its duration and the options of its configuration. A job that is gone upstream stays, as what it was.';
comment on column llamacloud.classify_job_details.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_job_details.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.classify_job_details.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_job_details.user_id is 'User who created the job.';
comment on column llamacloud.classify_job_details.status is 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
comment on column llamacloud.classify_job_details.outcome is 'matched or unmatched (completed with or without a type), failed, cancelled, open (anything else, also a status that is not known here). Of a job that is gone upstream: what it was when it was last seen.';
comment on column llamacloud.classify_job_details.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_job_details.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_job_details.result_reasoning is 'Why the document matched, or did not match, in words.';
comment on column llamacloud.classify_job_details.error_message is 'Why the job failed.';
comment on column llamacloud.classify_job_details.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_job_details.updated_at is 'When the job last changed, by the clock of LlamaCloud.';
comment on column llamacloud.classify_job_details.created_day is 'Day of created_at in UTC. Null when created_at is.';
comment on column llamacloud.classify_job_details.duration_seconds is 'Seconds from created_at to updated_at of a completed, failed or cancelled job. Null while it is open.';
comment on column llamacloud.classify_job_details.document_input_type is 'What file_input names: url, file_id or parse_job_id.';
comment on column llamacloud.classify_job_details.file_input is 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_job_details.parse_job_id is 'Parse job that the document came from, if any.';
comment on column llamacloud.classify_job_details.transaction_id is 'Idempotency key that the job was created with, if any.';
comment on column llamacloud.classify_job_details.configuration_id is 'Saved configuration that the job was created with, if any.';
comment on column llamacloud.classify_job_details.configuration_hash is 'The rules and options that the job ran with: see classify_configurations.';
comment on column llamacloud.classify_job_details.configuration_mode is 'Execution mode, such as FAST.';
comment on column llamacloud.classify_job_details.configuration_lang is 'Language that documents are read in, as an ISO 639-1 code.';
comment on column llamacloud.classify_job_details.configuration_max_pages is 'How many pages of a document are read at most. Null for all.';
comment on column llamacloud.classify_job_details.configuration_target_pages is 'Which pages of a document are read, such as 1,3,5-7. Null for all.';
comment on column llamacloud.classify_job_details.configuration_rule_count is 'How many rules the configuration has.';
comment on column llamacloud.classify_job_details.first_seen_at is 'When the job was first stored here.';
comment on column llamacloud.classify_job_details.synced_at is 'When the stored content last changed here.';
comment on column llamacloud.classify_job_details.deleted_at is 'When the job was found to be deleted upstream. Null while it exists there.';
comment on column llamacloud.classify_job_details.is_deleted is 'Whether the job was found to be deleted upstream.';

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
  WHERE ((status = 'COMPLETED'::text) AND (deleted_at IS NULL) AND ((result_type IS NULL) OR (result_confidence < (0.7)::double precision)))
  ORDER BY created_at DESC NULLS LAST;
comment on view llamacloud.classify_review_queue is 'Completed jobs that a person should look at, newest first: those that matched no rule, and those with a confidence below 0.7. What is gone upstream is left out. For another limit ask classify_job_details.';
comment on column llamacloud.classify_review_queue.id is 'Id of the job, given by LlamaCloud.';
comment on column llamacloud.classify_review_queue.source is 'The source that first delivered the job, as named by SYNC_SOURCE.';
comment on column llamacloud.classify_review_queue.project_id is 'Project that the job belongs to.';
comment on column llamacloud.classify_review_queue.reason is 'unmatched or low confidence.';
comment on column llamacloud.classify_review_queue.result_type is 'Document type of the rule that matched. Null when none matched or there is no result.';
comment on column llamacloud.classify_review_queue.result_confidence is 'Confidence of the result, 0 to 1.';
comment on column llamacloud.classify_review_queue.result_reasoning is 'Why the document matched, or did not match, in words.';
comment on column llamacloud.classify_review_queue.document_input_type is 'What file_input names: url, file_id or parse_job_id.';
comment on column llamacloud.classify_review_queue.file_input is 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
comment on column llamacloud.classify_review_queue.configuration_id is 'Saved configuration that the job was created with, if any.';
comment on column llamacloud.classify_review_queue.configuration_hash is 'The rules and options that the job ran with: see classify_configurations.';
comment on column llamacloud.classify_review_queue.created_at is 'When the job was created, by the clock of LlamaCloud.';
comment on column llamacloud.classify_review_queue.updated_at is 'When the job last changed, by the clock of LlamaCloud.';

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
         SELECT job.configuration_hash,
            job.result_type,
            count(*) AS jobs,
            avg(job.result_confidence) AS confidence_mean,
            max(job.created_at) AS last_job_at
           FROM llamacloud.classify_jobs job
          WHERE (job.status = 'COMPLETED'::text)
          GROUP BY job.configuration_hash, job.result_type
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
comment on view llamacloud.classify_rule_stats is 'Every rule of every configuration with how often it matched in completed jobs, also those that are gone upstream: 0 is the interesting number. Rules of one configuration that give the same type share their matches, since a result names the type and not the rule. Reads all jobs: close to a second on 1,000,000 jobs.';
comment on column llamacloud.classify_rule_stats.configuration_hash is 'The configuration that the rule is part of: see classify_configurations.';
comment on column llamacloud.classify_rule_stats.position is 'Place of the rule in its configuration, from 0.';
comment on column llamacloud.classify_rule_stats.type is 'Document type that is given when the rule matches.';
comment on column llamacloud.classify_rule_stats.description is 'What a document must be for the rule to match, in words.';
comment on column llamacloud.classify_rule_stats.completed_jobs is 'How many jobs ran to completion with this configuration.';
comment on column llamacloud.classify_rule_stats.matched_jobs is 'How many of them were given the type of this rule.';
comment on column llamacloud.classify_rule_stats.matched_share is 'matched_jobs / completed_jobs, 0 to 1. Null when nothing ran to completion.';
comment on column llamacloud.classify_rule_stats.confidence_mean is 'Mean confidence of the matches, 0 to 1. Null when there are none.';
comment on column llamacloud.classify_rule_stats.last_matched_job_at is 'When the last job that matched was created. Null when none did.';

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
 SELECT result_type,
    count(*) AS jobs,
    (((count(*))::numeric / sum(count(*)) OVER ()))::double precision AS share,
    count(*) FILTER (WHERE (result_confidence < (0.7)::double precision)) AS low_confidence_jobs,
    avg(result_confidence) AS confidence_mean,
    percentile_cont((0.1)::double precision) WITHIN GROUP (ORDER BY result_confidence) AS confidence_p10,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY result_confidence) AS confidence_p50,
    percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY result_confidence) AS confidence_p90,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY duration_seconds) AS duration_p50_seconds,
    percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY duration_seconds) AS duration_p95_seconds,
    min(created_at) AS first_job_at,
    max(created_at) AS last_job_at
   FROM llamacloud.classify_job_details detail
  WHERE (status = 'COMPLETED'::text)
  GROUP BY result_type;
comment on view llamacloud.classify_type_stats is 'Completed jobs by the type that was found, also those that are gone upstream; one row, with a null type, for those that matched no rule. Takes about 2 seconds on 1,000,000 jobs, as every percentile needs every job.';
comment on column llamacloud.classify_type_stats.result_type is 'Document type. Null: no rule matched.';
comment on column llamacloud.classify_type_stats.jobs is 'How many completed jobs were given this type.';
comment on column llamacloud.classify_type_stats.share is 'Their share of all completed jobs, 0 to 1.';
comment on column llamacloud.classify_type_stats.low_confidence_jobs is 'How many of them have a confidence below 0.7.';
comment on column llamacloud.classify_type_stats.confidence_mean is 'Mean confidence, 0 to 1. Null when no job has one.';
comment on column llamacloud.classify_type_stats.confidence_p10 is 'Confidence that a tenth of the jobs stay below.';
comment on column llamacloud.classify_type_stats.confidence_p50 is 'Median confidence.';
comment on column llamacloud.classify_type_stats.confidence_p90 is 'Confidence that nine tenths of the jobs stay below.';
comment on column llamacloud.classify_type_stats.duration_p50_seconds is 'Median time from creation to the end, in seconds.';
comment on column llamacloud.classify_type_stats.duration_p95_seconds is 'Time from creation to the end that 95 % of the jobs keep within, in seconds.';
comment on column llamacloud.classify_type_stats.first_job_at is 'When the first of them was created.';
comment on column llamacloud.classify_type_stats.last_job_at is 'When the last of them was created.';

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
    dark_since
   FROM llamacloud_sync.sources source;
comment on view llamacloud.sync_freshness is 'How fresh the data is, one row a source. Its readers need no grant on llamacloud_sync, whose tables it sums up.';
comment on column llamacloud.sync_freshness.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud.sync_freshness.project_id is 'Project that the source is narrowed to. Null for all that the key can see.';
comment on column llamacloud.sync_freshness.covered_from is 'Every job created from here to the watermark is stored. Null before the first sync.';
comment on column llamacloud.sync_freshness.watermark is 'End of the coverage, by the clock of LlamaCloud. Null before the first sync.';
comment on column llamacloud.sync_freshness.lag_seconds is 'Seconds since the present was last read completely. Null before the first sync.';
comment on column llamacloud.sync_freshness.open_jobs is 'Jobs that are asked for again by id until they are finished.';
comment on column llamacloud.sync_freshness.rejects is 'Items of the API that cannot be stored as a job. Should be 0.';
comment on column llamacloud.sync_freshness.last_success_at is 'When a cycle last ended without a fault. Null before that.';
comment on column llamacloud.sync_freshness.last_reconcile_at is 'Since when every stored job was compared with the API. Null before that.';
comment on column llamacloud.sync_freshness.held_jobs is 'Jobs that are missing upstream and not believed to be gone yet.';
comment on column llamacloud.sync_freshness.quarantined is 'Jobs and spans of time that cannot be read and are set aside. Should be 0.';
comment on column llamacloud.sync_freshness.dark_since is 'Since when LlamaCloud has shown none of the jobs that it should know. Null while it does.';

create schema llamacloud_sync;
comment on schema llamacloud_sync is 'Memory of the llamacloud-sync worker. Readers need no grant on it.';

create table llamacloud_sync.migrations (
  name text not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint migrations_pkey PRIMARY KEY (name)
);
comment on table llamacloud_sync.migrations is 'Migrations that were applied to this database.';
comment on column llamacloud_sync.migrations.name is 'Name of the migration.';
comment on column llamacloud_sync.migrations.applied_at is 'When it was applied.';

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
CREATE INDEX rechecks_due ON llamacloud_sync.rechecks USING btree (source, due_at) WHERE (reason IS NULL);
CREATE INDEX rechecks_held ON llamacloud_sync.rechecks USING btree (source, missed_at) WHERE ((missed_at IS NOT NULL) AND (gone_at IS NULL));
CREATE INDEX rechecks_quarantined ON llamacloud_sync.rechecks USING btree (source, due_at) WHERE (reason IS NOT NULL);
comment on table llamacloud_sync.rechecks is 'Jobs to be asked for again by id: not finished, not shown where they should be, or marked as gone lately.';
comment on column llamacloud_sync.rechecks.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud_sync.rechecks.job_id is 'Id of the job.';
comment on column llamacloud_sync.rechecks.noted_at is 'When it was put on this list. All times are by the clock of this database.';
comment on column llamacloud_sync.rechecks.seen_at is 'When the API last showed it unfinished. Null when it is only looked for.';
comment on column llamacloud_sync.rechecks.due_at is 'When it is to be asked for again.';
comment on column llamacloud_sync.rechecks.missed_at is 'When the API first did not return it. Null while it does.';
comment on column llamacloud_sync.rechecks.missed_again_at is 'When the API did not return it again, long enough after that.';
comment on column llamacloud_sync.rechecks.gone_at is 'When it was marked as gone. Null while it is not.';
comment on column llamacloud_sync.rechecks.reason is 'Why it cannot be asked for: it is in quarantine. Null when it is not.';
comment on column llamacloud_sync.rechecks.tries is 'How often it was tried while in quarantine.';
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
comment on table llamacloud_sync.rejects is 'Items of the API that cannot be stored as a job, kept whole.';
comment on column llamacloud_sync.rejects.id is 'Number of the row.';
comment on column llamacloud_sync.rejects.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud_sync.rejects.reason is 'Why it cannot be stored.';
comment on column llamacloud_sync.rejects.payload is 'The item as received, as JSON text.';
comment on column llamacloud_sync.rejects.fingerprint is 'SHA-256 of the payload: the same item is kept once.';
comment on column llamacloud_sync.rejects.times_seen is 'How often it was received.';
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
comment on table llamacloud_sync.runs is 'One row a run of the worker. Kept for 90 days.';
comment on column llamacloud_sync.runs.id is 'Number of the run.';
comment on column llamacloud_sync.runs.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud_sync.runs.kind is 'What was run: sync, backfill, reconcile, accept-deletions.';
comment on column llamacloud_sync.runs.started_at is 'When it began, by the clock of this database.';
comment on column llamacloud_sync.runs.finished_at is 'When it ended. Null while it runs, and for a run whose process was killed.';
comment on column llamacloud_sync.runs.outcome is 'running, succeeded, degraded (all but what is in quarantine), stopped (the next run goes on), denied (the API does not let the list be read), failed, or abandoned (killed).';
comment on column llamacloud_sync.runs.requests is 'Requests sent to the API, retries included.';
comment on column llamacloud_sync.runs.retries is 'Requests that were retries after a fault.';
comment on column llamacloud_sync.runs.pages is 'Pages committed.';
comment on column llamacloud_sync.runs.received is 'Items received = inserted + updated + unchanged + stale + rejected.';
comment on column llamacloud_sync.runs.inserted is 'Jobs stored for the first time.';
comment on column llamacloud_sync.runs.updated is 'Jobs whose stored content changed.';
comment on column llamacloud_sync.runs.unchanged is 'Jobs that were stored just so already, and were not written.';
comment on column llamacloud_sync.runs.stale is 'Observations older than what is stored, and not written.';
comment on column llamacloud_sync.runs.rejected is 'Items without a usable id; they are in rejects.';
comment on column llamacloud_sync.runs.deletions is 'Jobs marked as gone.';
comment on column llamacloud_sync.runs.repairs is 'Differences that a reading found where everything should have been right. Should be 0.';
comment on column llamacloud_sync.runs.watermark_before is 'Watermark at the start of the run.';
comment on column llamacloud_sync.runs.watermark_after is 'Watermark at the end of the run.';
comment on column llamacloud_sync.runs.error is 'Why the run failed.';
comment on column llamacloud_sync.runs.commits is 'Transactions committed. A smaller number than the worker knows tells of a failover that lost some.';

create table llamacloud_sync.source_projects (
  source text not null,
  project_id text not null,
  canaries text[] not null,
  constraint source_projects_source_project_id_pk PRIMARY KEY (source, project_id),
  constraint source_projects_source_sources_name_fk FOREIGN KEY (source) REFERENCES llamacloud_sync.sources(name) ON UPDATE CASCADE ON DELETE CASCADE
);
comment on table llamacloud_sync.source_projects is 'The projects whose jobs a source has delivered.';
comment on column llamacloud_sync.source_projects.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud_sync.source_projects.project_id is 'Id of the project. Empty for jobs that name none.';
comment on column llamacloud_sync.source_projects.canaries is 'Ids of some of its jobs: they must be stored, and the API key must show some of them.';

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
  list text not null default 'classify'::text,
  constraint sources_pkey PRIMARY KEY (name)
);
comment on table llamacloud_sync.sources is 'One row a source: its scope, its coverage and its lease.';
comment on column llamacloud_sync.sources.name is 'Name of the source, as given by SYNC_SOURCE; of another list than classify with its name behind a slash.';
comment on column llamacloud_sync.sources.base_url is 'Base URL of the API that the source is read from. Part of the scope.';
comment on column llamacloud_sync.sources.project_id is 'Project that the source is narrowed to. Part of the scope.';
comment on column llamacloud_sync.sources.organization_id is 'Organization that the source is narrowed to. Part of the scope.';
comment on column llamacloud_sync.sources.configuration_id is 'Configuration that the source is narrowed to. Part of the scope.';
comment on column llamacloud_sync.sources.covered_from is 'Start of the coverage: every job created from here to the watermark has been committed.';
comment on column llamacloud_sync.sources.watermark is 'End of the coverage, by the clock of the API.';
comment on column llamacloud_sync.sources.lease_owner is 'The worker that holds the lease, as host, process and a random part. Null when it is free.';
comment on column llamacloud_sync.sources.lease_expires_at is 'When the lease may be taken over, by the clock of this database.';
comment on column llamacloud_sync.sources.fence is 'Counts the holders of the lease. A commit that carries an older number is refused.';
comment on column llamacloud_sync.sources.last_success_at is 'When a cycle last ended without a fault, by the clock of this database.';
comment on column llamacloud_sync.sources.head_from is 'Where the open span begins, which holds the present, by the clock of the API.';
comment on column llamacloud_sync.sources.head_until is 'The present, by the clock of the API, when the open span was last read.';
comment on column llamacloud_sync.sources.head_read_at is 'When the open span was last read, by the clock of this database.';
comment on column llamacloud_sync.sources.dark_since is 'Since when the API has shown none of the jobs that it should know. Null while it does.';
comment on column llamacloud_sync.sources.probed_at is 'When the oldest jobs were last asked for, by the clock of this database.';
comment on column llamacloud_sync.sources.reconcile_every is 'SYNC_RECONCILE_EVERY in seconds, as the spans follow it. Null for never.';
comment on column llamacloud_sync.sources.former_names is 'Names that the source had before.';
comment on column llamacloud_sync.sources.list is 'The list that is read, as named by SYNC_LISTS. Part of the scope.';

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
comment on table llamacloud_sync.spans is 'The timeline: pieces of created_at that touch each other, and when each was last read.';
comment on column llamacloud_sync.spans.source is 'The source, as named by SYNC_SOURCE.';
comment on column llamacloud_sync.spans.lower is 'Start of the span, inclusive, by the clock of the API.';
comment on column llamacloud_sync.spans.upper is 'End of the span, inclusive. Neighbouring spans share it.';
comment on column llamacloud_sync.spans.fresh_at is 'When the end of the span was the present, by the clock of this database.';
comment on column llamacloud_sync.spans.read_at is 'When its latest complete reading began. Null: it was never read.';
comment on column llamacloud_sync.spans.items is 'How many items that reading brought. Null when that is not known.';
comment on column llamacloud_sync.spans.empties is 'How many readings in a row brought none.';
comment on column llamacloud_sync.spans.due_at is 'When it is to be read next. Null for never.';
comment on column llamacloud_sync.spans.began_at is 'When the reading under way began. Null when none is.';
comment on column llamacloud_sync.spans.page_token is 'Token of the next page of that reading, which goes on here after a stop.';
comment on column llamacloud_sync.spans.pages is 'Pages of that reading that are committed.';
comment on column llamacloud_sync.spans.reason is 'Why it cannot be read: it is in quarantine. Null when it is not.';
comment on column llamacloud_sync.spans.tries is 'How often it was tried while in quarantine.';
comment on column llamacloud_sync.spans.quarantined_at is 'When it was put in quarantine.';
