COMMENT ON TABLE llamacloud.batch_changes IS 'Observed changes of batches, one row per change. The first state is not a change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.id IS 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.observed_at IS 'When the change was observed. It happened some time since the previous observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batch_changes.event IS 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.batches IS 'LlamaCloud batches, one row per batch, kept in step with the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.source_directory_id IS 'Directory whose files the batch processes.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.job_type IS 'Job run on each file: parse_v2 or extract_v2.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.configuration_id IS 'Configuration of the jobs of the batch.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.extra IS 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.batches.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_configurations IS 'Distinct configurations of jobs. Thousands of jobs share one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.lang IS 'Language of the documents, as an ISO 639-1 code.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.max_pages IS 'Maximum number of pages read per document. Null means all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.target_pages IS 'Pages read per document, such as 1,3,5-7. Null means all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.rule_count IS 'Number of rules in the configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.document IS 'Whole configuration as received.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.first_seen_at IS 'When the configuration was first stored in this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_job_changes IS 'Observed changes of classify jobs, one row per change. The first state is not a change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.id IS 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.observed_at IS 'When the change was observed. It happened some time since the previous observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.event IS 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_jobs IS 'LlamaCloud classify jobs, one row per job, kept in step with the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.document_input_type IS 'Kind of file_input: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.file_input IS 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.parse_job_id IS 'Parse job that produced the document, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.transaction_id IS 'Idempotency key of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.configuration_hash IS 'Hash of the rules and options of the job: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.result_reasoning IS 'Explanation of why the document matched, or did not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.extra IS 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_rules IS 'Rules of each configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.configuration_hash IS 'Configuration that the rule belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.position IS 'Position of the rule in its configuration, from 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.type IS 'Document type that the rule assigns.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.description IS 'Description of the documents that the rule matches.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_configurations IS 'Distinct configurations of extract jobs. Thousands of jobs share one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_configurations.document IS 'Whole configuration as received.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_configurations.first_seen_at IS 'When the configuration was first stored in this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_job_changes IS 'Observed changes of extract jobs, one row per change. The first state is not a change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.id IS 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.observed_at IS 'When the change was observed. It happened some time since the previous observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_job_changes.event IS 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.extract_jobs IS 'LlamaCloud extract jobs, one row per job, kept in step with the API. What was extracted is not stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.file_input IS 'Document that was read: the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.configuration_hash IS 'Hash of the schema and options of the job: see extract_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_job_id IS 'Parse job that produced the document, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_tier IS 'Tier that the document was parsed with.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.metadata IS 'More about the job, such as its number of pages.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.parse_credits IS 'Credits billed for its parse job, which other jobs may share.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.extra IS 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.extract_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.parse_job_changes IS 'Observed changes of parse jobs, one row per change. The first state is not a change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.id IS 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.observed_at IS 'When the change was observed. It happened some time since the previous observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_job_changes.event IS 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.parse_jobs IS 'LlamaCloud parse jobs, one row per job, kept in step with the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.name IS 'Name of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.tier IS 'Tier that the document was parsed with, such as fast or agentic.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.user_metadata IS 'Keys and values that the user gave the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.extra IS 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.parse_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.split_job_changes IS 'Observed changes of split jobs, one row per change. The first state is not a change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_changes.id IS 'Number of the change. For incremental loads use observed_at and sync_freshness.settled_until instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_changes.observed_at IS 'When the change was observed. It happened some time since the previous observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_job_changes.event IS 'changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.split_jobs IS 'LlamaCloud split jobs, one row per job, kept in step with the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.document_input_type IS 'Kind of file_input: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.file_input IS 'Document that was split: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.transaction_id IS 'Idempotency key of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.categories IS 'Categories that pages can be assigned to, each {name, description}.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.splitting_strategy IS 'How to split the document.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.segments IS 'Parts that were found, each {category, confidence_category, pages}.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.extra IS 'The rest of the payload: what has no column, at its path in the payload. Null if nothing is left.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.split_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_daily IS 'Jobs by UTC day, project, outcome and type, including jobs deleted upstream. Means and percentiles are per day; for longer periods use classify_statistics, whose columns can be summed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.confidence_mean IS 'Mean confidence, 0 to 1. Null if no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.confidence_p10 IS '10th percentile of confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_mean_seconds IS 'Mean time from creation to completion, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p50_seconds IS 'Median time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.duration_p95_seconds IS '95th percentile of the time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily.result_label IS 'Label for charts: result_type, or the outcome if there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_daily_failures IS 'Failed jobs by UTC day, source, project, configuration and cause. Like classify_failures, for any period.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.error IS 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.jobs IS 'Number of jobs that failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_daily_failures.example_job_id IS 'One of these jobs. Its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_failures IS 'Failed jobs by cause, including jobs deleted upstream. Error messages that differ only in ids and numbers count as one cause. For a period use classify_daily_failures.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.error IS 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.jobs IS 'Number of jobs that failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_failures.example_job_id IS 'One of these jobs. Its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_histograms IS 'Histograms of confidence and duration. The counts can be summed; classify_type_stats_between computes percentiles from them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.all_configurations IS 'Whether the row covers all configurations. Use either these rows or the others, not both.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.confidence_histogram IS 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_histograms.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave. Sum it element by element; input for duration_percentile.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_job_details IS 'One row per job, with its outcome, duration and configuration. Jobs deleted upstream are included, with their last known outcome.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.outcome IS 'matched or unmatched (completed with or without a type), failed, cancelled, or open (any other status). For a job deleted upstream: its outcome when it was last seen.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_reasoning IS 'Explanation of why the document matched, or did not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.created_day IS 'Day of created_at, in UTC. Null if created_at is null.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.document_input_type IS 'Kind of file_input: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.file_input IS 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.parse_job_id IS 'Parse job that produced the document, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.transaction_id IS 'Idempotency key of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_hash IS 'Hash of the rules and options of the job: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_lang IS 'Language of the documents, as an ISO 639-1 code.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_max_pages IS 'Maximum number of pages read per document. Null means all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_target_pages IS 'Pages read per document, such as 1,3,5-7. Null means all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.configuration_rule_count IS 'Number of rules in the configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.first_seen_at IS 'When the job was first stored in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.synced_at IS 'When the stored row last changed in this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.deleted_at IS 'When the job was found to be deleted upstream. Null if it was not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_details.result_label IS 'Label for charts: result_type, or the outcome if there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_job_history IS 'Every observed state of a job, from the first on. Filter by job_id and order by observed_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.observed_at IS 'When this state was first observed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_history.event IS 'first seen, changed, deleted (found to be deleted upstream) or returned (found upstream again).';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_review_queue IS 'Completed jobs that a person should review, newest first: jobs that matched no rule or have a confidence below 0.7. Jobs deleted upstream are left out. For another threshold query classify_job_details.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.source IS 'Source that first delivered the job (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.reason IS 'Why it needs review: unmatched or low confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.result_reasoning IS 'Explanation of why the document matched, or did not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.document_input_type IS 'Kind of file_input: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.file_input IS 'Document that was classified: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.configuration_id IS 'Saved configuration of the job, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_review_queue.configuration_hash IS 'Hash of the rules and options of the job: see classify_configurations.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_rule_changes IS 'Changes of the rules, by source, project and saved configuration, and their effect on the share of unmatched jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.changed_at IS 'When the first job with the new configuration was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.configuration_id IS 'Saved configuration whose rules changed. Null for jobs with inline rules.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.previous_hash IS 'Rules and options before the change: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.configuration_hash IS 'Rules and options after the change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.types_added IS 'Types that only the new rules assign.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.types_removed IS 'Types that only the old rules assigned.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.previous_completed_jobs IS 'Number of jobs completed with the old rules, in total.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.completed_jobs IS 'Number of jobs completed with the new rules, in total.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.unmatched_share_before IS 'Share of the jobs completed with the old rules that matched none, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_changes.unmatched_share_after IS 'Share of the jobs completed with the new rules that matched none, 0 to 1.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_rule_stats IS 'How often each rule of each configuration matched in completed jobs, including jobs deleted upstream. Look for 0. Rules of one configuration with the same type share their matches, because a result names the type, not the rule.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.configuration_hash IS 'Configuration that the rule belongs to: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.position IS 'Position of the rule in its configuration, from 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.type IS 'Document type that the rule assigns.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.description IS 'Description of the documents that the rule matches.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.completed_jobs IS 'Number of completed jobs with this configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.matched_jobs IS 'Number of these jobs with the type of this rule.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.matched_share IS 'matched_jobs / completed_jobs, 0 to 1. Null if no job completed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.confidence_mean IS 'Mean confidence of the matches, 0 to 1. Null if there are none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rule_stats.last_matched_job_at IS 'When the last matching job was created. Null if none matched.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_sla IS 'How many jobs finished in time, by UTC day of creation, source and project. The shares come from a histogram and are accurate to 0.01.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.finished_jobs IS 'Number of finished jobs (completed, failed or cancelled).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_1_minute IS 'Share of finished jobs that took at most 1 minute, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_5_minutes IS 'Share of finished jobs that took at most 5 minutes, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_15_minutes IS 'Share of finished jobs that took at most 15 minutes, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.within_1_hour IS 'Share of finished jobs that took at most 1 hour, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_sla.duration_histogram IS 'For other limits: duration_share(duration_histogram, 120) is the share that took at most 2 minutes.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_statistics IS 'Jobs by UTC day, source, project, configuration, outcome and type. Its columns can be summed, for statistics over any period. Counts are always exact; a year of 10,000,000 jobs takes a fraction of a second.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.low_confidence_jobs IS 'Number of jobs with a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.confidence_jobs IS 'Number of jobs with a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.confidence_sum IS 'Sum of confidence. Divide by confidence_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_jobs IS 'Number of finished jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.duration_sum IS 'Sum of the seconds from creation to completion. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_statistics.result_label IS 'Label for charts: result_type, or the outcome if there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_type_stats IS 'Completed jobs by document type, including jobs deleted upstream. The row with a null type counts jobs that matched no rule. Percentiles are accurate to 5%. For a period use classify_type_stats_between.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.result_type IS 'Document type. Null if no rule matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.jobs IS 'Number of completed jobs of this type.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.share IS 'Share of all completed jobs, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.low_confidence_jobs IS 'Number of jobs with a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_mean IS 'Mean confidence, 0 to 1. Null if no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_p10 IS '10th percentile of confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.confidence_p90 IS '90th percentile of confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p50_seconds IS 'Median time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.duration_p95_seconds IS '95th percentile of the time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_type_stats.result_label IS 'Label for charts: result_type, or the outcome if there is none, such as unmatched. Never null.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.classify_weekly IS 'Week over week, by source and project: each week next to the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.is_whole IS 'Whether the week is over. Do not compare a partial week with a whole one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.jobs IS 'Number of jobs created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.failed_share IS 'Share of finished jobs that failed, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.unmatched_share IS 'Share of completed jobs that matched no rule, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.duration_mean_seconds IS 'Mean time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.jobs_before IS 'Jobs created in the week before. Null if there were none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.failed_share_before IS 'failed_share of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.unmatched_share_before IS 'unmatched_share of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.confidence_mean_before IS 'confidence_mean of the week before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_weekly.duration_mean_seconds_before IS 'duration_mean_seconds of the week before.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud.sync_freshness IS 'How fresh the data is, one row per source. Readers need no grant on llamacloud_sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.project_id IS 'Project that the source is limited to. Null for all projects that the key can see.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.covered_from IS 'Start of the coverage: every job created between here and the watermark is stored. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.lag_seconds IS 'Seconds since the newest jobs were last read completely. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.open_jobs IS 'Unfinished jobs. They are checked again by id until they finish.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.rejects IS 'Items from the API that could not be stored as jobs. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.last_success_at IS 'When a cycle last succeeded. Null before the first success.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.last_reconcile_at IS 'Every stored job has been compared with the API since this moment. Null before the first full comparison.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.held_jobs IS 'Jobs that are missing upstream but not marked as deleted yet.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.quarantined IS 'Jobs and time spans that are set aside because the API fails for them. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.dark_since IS 'Since when LlamaCloud has returned none of the known jobs. Null while it returns some.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.settled_until IS 'Every row and change with an earlier synced_at or observed_at is stored, and none will be added. Use the lowest value of all sources for incremental loads.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_dirty_days IS 'Days with jobs written since the day was summed, one row per statement. For these days the views read the jobs instead.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_dirty_days.marked_at IS 'When it was marked, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_days IS 'Stored rows of classify_exact, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.confidence_mean IS 'Mean confidence, 0 to 1. Null if no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.confidence_p10 IS '10th percentile of confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_mean_seconds IS 'Mean time from creation to completion, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p50_seconds IS 'Median time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_days.duration_p95_seconds IS '95th percentile of the time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_errors IS 'Stored rows of classify_errors, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.error IS 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.jobs IS 'Number of jobs that failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_errors.example_job_id IS 'One of these jobs. Its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_spreads IS 'Stored rows of classify_spreads, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.all_configurations IS 'Whether the row covers all configurations. Use either these rows or the others, not both.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.confidence_histogram IS 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_spreads.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave. Sum it element by element; input for duration_percentile.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.classify_settled_sums IS 'Stored rows of classify_sums, for days that no longer change.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.low_confidence_jobs IS 'Number of jobs with a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.confidence_jobs IS 'Number of jobs with a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.confidence_sum IS 'Sum of confidence. Divide by confidence_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_jobs IS 'Number of finished jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.duration_sum IS 'Sum of the seconds from creation to completion. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_settled_sums.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rechecks IS 'Jobs to be checked again by id: unfinished, missing upstream, or recently marked as deleted.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.noted_at IS 'When it was added to this table. All times are by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.seen_at IS 'When the API last returned it unfinished. Null if it is only being looked for.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.due_at IS 'When it is due to be checked again.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.missed_at IS 'When the API first left it out while returning others of its project; infinity while it returns none of them. Null if it is not missing.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.missed_again_at IS 'When the API left it out a second time, long enough after the first.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.gone_at IS 'When it was marked as deleted. Null if it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.reason IS 'Why it is in quarantine: the error of the API. Null if it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.tries IS 'Number of attempts while in quarantine.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rejects IS 'Items from the API that could not be stored as jobs, in full. The latest ones, kept for 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.reason IS 'Why it could not be stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.fingerprint IS 'SHA-256 of the payload: identical items are kept once.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.times_seen IS 'Number of times it was received.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.runs IS 'One row per run of the worker. Kept for 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.kind IS 'Command: sync, backfill, reconcile or accept-deletions.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.finished_at IS 'When it ended. Null while it runs, or if its process was killed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.outcome IS 'running, succeeded, degraded (succeeded except for what is in quarantine), stopped (the next run continues), denied (the API does not allow this list), failed, or abandoned (killed).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.retries IS 'Requests that were retries.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.unchanged IS 'Jobs whose stored content was already the same.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.stale IS 'Observations older than the stored ones, not written.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.rejected IS 'Items without a usable id, kept in rejects.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.deletions IS 'Jobs marked as deleted.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.repairs IS 'Rows that a reading found to differ from the API and corrected. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.commits IS 'Transactions committed. If the number is lower than the worker counted, a failover lost some.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.source_projects IS 'Projects whose jobs a source has delivered.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.project_id IS 'Id of the project. Empty for jobs without a project.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.canaries IS 'Ids of some of its jobs. They must all be stored, and the API must return some of them.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.sources IS 'One row per source: its scope, coverage and lease.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.name IS 'Name of the source (SYNC_SOURCE). For lists other than classify, a slash and the list follow, such as default/parse.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.base_url IS 'Base URL of the API. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.project_id IS 'Project that the source is limited to. Null for all. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.organization_id IS 'Organization that the source is limited to. Null for all. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.configuration_id IS 'Configuration that the source is limited to. Null for all. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.covered_from IS 'Start of the coverage: every job created between here and the watermark is stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.lease_owner IS 'Worker that holds the lease: host, process id and a random part. Null while the lease is free.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.lease_expires_at IS 'When the lease expires, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.fence IS 'Counts the holders of the lease. A commit with an older number is refused.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_success_at IS 'When a cycle last succeeded, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_from IS 'Start of the head, the open span that ends at the present, by the clock of the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_until IS 'Present, by the clock of the API, when the head was last read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_read_at IS 'When the head was last read, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.dark_since IS 'Since when the API has returned none of the known jobs. Null while it returns some.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.probed_at IS 'When the oldest jobs were last checked, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.reconcile_every IS 'SYNC_RECONCILE_EVERY in seconds, as it applies to the spans. Null means never.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.former_names IS 'Earlier names of the source.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.page_size IS 'Jobs per page in the latest requests: fewer where jobs are large. Null means SYNC_PAGE_SIZE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.settled_until IS 'Everything observed before this moment is committed, and nothing older will follow.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.list IS 'List that the source reads (SYNC_LISTS). Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_owner IS 'Worker that last released the lease.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.spans IS 'The timeline: adjoining ranges of created_at, and when each was last read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.source IS 'Name of the source (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.upper IS 'End of the span, inclusive. The next span starts at the same instant.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.read_at IS 'When its latest complete reading began. Null if it was never read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.items IS 'Number of items that this reading returned. Null if unknown.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.empties IS 'Number of consecutive readings that returned no items.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.due_at IS 'When it is due to be read next. Null means never.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.began_at IS 'When the current reading began. Null if there is none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.page_token IS 'Token of the next page of the current reading, which continues here after a stop.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.pages IS 'Committed pages of the current reading.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.reason IS 'Why it is in quarantine: the error of the API. Null if it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.tries IS 'Number of attempts while in quarantine.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_errors IS 'The rows of classify_daily_failures, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.error IS 'First 500 characters of the error message, with every word that contains a digit replaced by #. Null if there is no message.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.jobs IS 'Number of jobs that failed with it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.last_job_at IS 'When the last of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_errors.example_job_id IS 'One of these jobs. Its error_message in classify_jobs is not masked.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_exact IS 'The rows of classify_daily, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.confidence_mean IS 'Mean confidence, 0 to 1. Null if no job has one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.confidence_p10 IS '10th percentile of confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_mean_seconds IS 'Mean time from creation to completion, in seconds. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p50_seconds IS 'Median time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_exact.duration_p95_seconds IS '95th percentile of the time from creation to completion, in seconds.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_places IS 'Number of jobs in each bucket of the histograms. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.confidence_place IS 'Bucket by confidence, from 1. Null for jobs without one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.duration_place IS 'Bucket by duration, from 1. Null for open jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_places.jobs IS 'Number of jobs in these buckets.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_spreads IS 'The rows of classify_histograms, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.all_configurations IS 'Whether the row covers all configurations. Use either these rows or the others, not both.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.confidence_histogram IS 'Histogram of confidence: buckets of 0.05, the last for 1. Sum it element by element; input for confidence_percentile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_spreads.duration_histogram IS 'Histogram of durations: buckets of a tenth of an octave. Sum it element by element; input for duration_percentile.';
--> statement-breakpoint
COMMENT ON VIEW llamacloud_sync.classify_sums IS 'The rows of classify_statistics, computed from the jobs. Query one day at a time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.day IS 'Day of creation, in UTC. Null for jobs without created_at.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.source IS 'Source that first delivered the jobs (SYNC_SOURCE).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.project_id IS 'Project of the jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.configuration_id IS 'Saved configuration of the jobs, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.configuration_hash IS 'Hash of the rules and options of the jobs: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.result_type IS 'Document type. Null unless the outcome is matched.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.jobs IS 'Number of jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.low_confidence_jobs IS 'Number of jobs with a confidence below 0.7.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.confidence_jobs IS 'Number of jobs with a confidence.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.confidence_sum IS 'Sum of confidence. Divide by confidence_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_jobs IS 'Number of finished jobs.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.duration_sum IS 'Sum of the seconds from creation to completion. Divide by duration_jobs for the mean.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.first_job_at IS 'When the first of these jobs was created.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.classify_sums.last_job_at IS 'When the last of these jobs was created.';
