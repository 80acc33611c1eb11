COMMENT ON TABLE llamacloud.classify_configurations IS 'Distinct configurations that jobs ran with. Thousands of jobs share one.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.hash IS 'SHA-256 of the configuration as canonical JSON.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.mode IS 'Execution mode, such as FAST.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.lang IS 'Language that documents are read in, as an ISO 639-1 code.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.max_pages IS 'How many pages of a document are read at most. Null for all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.target_pages IS 'Which pages of a document are read, such as 1,3,5-7. Null for all.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.rule_count IS 'How many rules it has.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.document IS 'The whole configuration as received.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_configurations.first_seen_at IS 'When the configuration was first stored here.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_job_changes IS 'One row for each change of a job that was observed after it was first stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.id IS 'Number of the change, in the order of observation.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.job_id IS 'The job that changed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.observed_at IS 'When the change was observed. It happened at some moment since the observation before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.from_status IS 'Status before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.to_status IS 'Status after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.from_result_type IS 'Result type before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.to_result_type IS 'Result type after.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.from_updated_at IS 'updated_at before.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_job_changes.to_updated_at IS 'updated_at after.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_jobs IS 'Classify jobs of LlamaCloud, one row a job, kept equal to the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.id IS 'Id of the job, given by LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.source IS 'The source that first delivered the job, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.project_id IS 'Project that the job belongs to.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.user_id IS 'User who created the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.status IS 'PENDING, RUNNING, COMPLETED, FAILED or CANCELLED; the API may add others.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.document_input_type IS 'What file_input names: url, file_id or parse_job_id.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.file_input IS 'The classified document: a URL, the id of a file (dfl-…) or of a parse job (pjb-…).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.parse_job_id IS 'Parse job that the document came from, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.transaction_id IS 'Idempotency key that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.configuration_id IS 'Saved configuration that the job was created with, if any.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.configuration_hash IS 'The rules and options that the job ran with: see classify_configurations.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.error_message IS 'Why the job failed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.result_type IS 'Document type of the rule that matched. Null when none matched or there is no result.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.result_confidence IS 'Confidence of the result, 0 to 1.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.result_reasoning IS 'Why the document matched, or did not match, in words.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.created_at IS 'When the job was created, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.updated_at IS 'When the job last changed, by the clock of LlamaCloud.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.extra IS 'Whatever of the payload fits no column, at its path in the payload. Null when everything fits.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.first_seen_at IS 'When the job was first stored here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.synced_at IS 'When the stored content last changed here.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_jobs.deleted_at IS 'When the job was found to be deleted upstream. Null while it exists there.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud.classify_rules IS 'The rules of each configuration.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.configuration_hash IS 'The configuration that the rule is part of.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.position IS 'Place of the rule in its configuration, from 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.type IS 'Document type that is given when the rule matches.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.classify_rules.description IS 'What a document must be for the rule to match, in words.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.open_jobs IS 'Jobs to be asked for again by id: not in a terminal status, or not seen where they should be.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.job_id IS 'Id of the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.next_check_at IS 'When it is due to be asked for again, by the clock of the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.misses IS 'How many runs in a row the API was asked for it by id and did not return it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.open_jobs.missed_in_run IS 'The run that last asked in vain. Counts as a miss once that run was found to be trustworthy.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rejects IS 'Items of the API that cannot be stored as a job, kept whole.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.id IS 'Number of the row.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.reason IS 'Why it cannot be stored.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.payload IS 'The item as received, as JSON text.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.fingerprint IS 'SHA-256 of the payload: the same item is kept once.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.times_seen IS 'How often it was received.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.first_seen_at IS 'When it was first received, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rejects.last_seen_at IS 'When it was last received, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.runs IS 'One row a run of the worker. Kept for 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.id IS 'Number of the run.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.kind IS 'What was run: sync, backfill, reconcile.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.started_at IS 'When it began, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.finished_at IS 'When it ended. Null while it runs, and for a run whose process was killed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.outcome IS 'running, succeeded, stopped (asked to stop, goes on next time), failed, or abandoned (killed).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.requests IS 'Requests sent to the API, repeated ones included.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.retries IS 'Requests that repeated an earlier one after a fault.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.pages IS 'Pages committed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.received IS 'Items received = inserted + updated + unchanged + stale + rejected.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.inserted IS 'Jobs stored for the first time.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.updated IS 'Jobs whose stored content changed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.unchanged IS 'Jobs that were stored just so already, and were not written.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.stale IS 'Observations older than what is stored, and not written.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.rejected IS 'Items without a usable id; they are in rejects.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.deletions IS 'Jobs marked as deleted.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.repairs IS 'Differences that a reconcile found and repaired. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.watermark_before IS 'Watermark at the start of the run.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.watermark_after IS 'Watermark at the end of the run.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.error IS 'Why the run failed.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.sources IS 'One row a source: its scope, its coverage and its lease.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.name IS 'Name of the source, as given by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.base_url IS 'Base URL of the API that the source is read from. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.project_id IS 'Project that the source is narrowed to. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.organization_id IS 'Organization that the source is narrowed to. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.configuration_id IS 'Configuration that the source is narrowed to. Part of the scope.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.covered_from IS 'Start of the coverage: every job created from here to the watermark has been committed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.watermark IS 'End of the coverage, by the clock of the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.lease_owner IS 'The worker that holds the lease, as host, process and a random part. Null when it is free.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.lease_expires_at IS 'When the lease may be taken over, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.fence IS 'Counts the holders of the lease. A commit that carries an older number is refused.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_success_at IS 'When a cycle last ended without a fault, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.last_reconcile_at IS 'When a reconcile last ended, by the clock of this database.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.walked_jobs IS 'Ids of the jobs that the walk of a reconcile has come by.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walked_jobs.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walked_jobs.job_id IS 'Id of the job.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.walks IS 'Reconciles under way: how far the walk over the whole list got.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walks.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walks.started_at IS 'When the walk began, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walks.page_token IS 'Token of the next page. The walk goes on here after a stop.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.walks.pages IS 'Pages committed so far.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.windows IS 'Spans of created_at that were begun and are not finished.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.kind IS 'What it is read for: coverage (head and history) or backfill.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.lower IS 'Start of the span, inclusive.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.upper IS 'End of the span, inclusive. Neighbouring windows share it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.reach IS 'Clock of the API when the first page was read: what is created later is not covered by it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.page_token IS 'Token of the next page. Its listing goes on here after a stop.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.pages IS 'Pages committed so far.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.windows.drained IS 'True when the last page has been committed and the window waits to touch the coverage.';
