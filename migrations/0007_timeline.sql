-- Workers wait from here on, and readers do not: what is to be copied must not change meanwhile.
LOCK TABLE
	llamacloud_sync.sources,
	llamacloud_sync.open_jobs,
	llamacloud_sync.walked_jobs,
	llamacloud_sync.walks,
	llamacloud_sync.windows,
	llamacloud_sync.runs,
	llamacloud_sync.rejects
	IN EXCLUSIVE MODE;
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."rechecks" (
	"source" text NOT NULL,
	"job_id" text NOT NULL,
	"noted_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone,
	"due_at" timestamp with time zone NOT NULL,
	"missed_at" timestamp with time zone,
	"missed_again_at" timestamp with time zone,
	"gone_at" timestamp with time zone,
	"reason" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"quarantined_at" timestamp with time zone,
	CONSTRAINT "rechecks_source_job_id_pk" PRIMARY KEY("source","job_id")
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."source_projects" (
	"source" text NOT NULL,
	"project_id" text NOT NULL,
	"canaries" text[] NOT NULL,
	CONSTRAINT "source_projects_source_project_id_pk" PRIMARY KEY("source","project_id")
);
--> statement-breakpoint
CREATE TABLE "llamacloud_sync"."spans" (
	"source" text NOT NULL,
	"lower" timestamp with time zone NOT NULL,
	"upper" timestamp with time zone NOT NULL,
	"fresh_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	"items" integer,
	"empties" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"began_at" timestamp with time zone,
	"page_token" text,
	"pages" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"quarantined_at" timestamp with time zone,
	CONSTRAINT "spans_source_lower_pk" PRIMARY KEY("source","lower")
);
--> statement-breakpoint
-- What was covered becomes spans of unknown size. What the last reconcile read when it was a day old is due a week after that.
-- What came later was only read when it was young: it is read once more, also where nothing is read again otherwise. The
-- latest week is read at once, as nothing tells how late jobs may have become visible there. The last hour is left to the head.
-- Windows that were begun are read anew.
INSERT INTO llamacloud_sync.spans (source, lower, upper, fresh_at, read_at, due_at)
SELECT source.name, part.lower, part.upper, part.fresh_at, part.read_at, part.due_at
FROM (
	SELECT
		name,
		covered_from,
		greatest(covered_from, watermark - interval '1 hour') AS head_from,
		coalesce(
			last_reconcile_at,
			(SELECT min(run.started_at) FROM llamacloud_sync.runs AS run WHERE run.source = sources.name),
			clock_timestamp()
		) AS read_at,
		coalesce(last_reconcile_at, '-infinity') - interval '1 day' AS settled_until
	FROM llamacloud_sync.sources
	WHERE covered_from IS NOT NULL AND watermark IS NOT NULL
) AS source
CROSS JOIN LATERAL (
	SELECT greatest(source.covered_from, least(source.head_from, clock_timestamp()) - interval '7 days') AS week
) AS latest
CROSS JOIN LATERAL (
	SELECT greatest(source.covered_from, least(latest.week, source.settled_until)) AS settled
) AS oldest
CROSS JOIN LATERAL (
	VALUES
		(source.covered_from, oldest.settled, oldest.settled, source.read_at, source.read_at + interval '7 days'),
		(oldest.settled, latest.week, source.read_at, source.read_at, source.read_at + interval '7 days'),
		(latest.week, source.head_from, clock_timestamp(), NULL, clock_timestamp())
) AS part (lower, upper, fresh_at, read_at, due_at)
WHERE part.lower < part.upper;
--> statement-breakpoint
INSERT INTO llamacloud_sync.rechecks (source, job_id, noted_at, seen_at, due_at)
SELECT
	open_job.source,
	open_job.job_id,
	least(coalesce(job.created_at, open_job.seen_at, clock_timestamp()), clock_timestamp()),
	CASE WHEN job.status = ANY ('{COMPLETED,FAILED,CANCELLED}') THEN NULL ELSE coalesce(open_job.seen_at, clock_timestamp()) END,
	open_job.next_check_at
FROM llamacloud_sync.open_jobs AS open_job
JOIN llamacloud.classify_jobs AS job ON job.id = open_job.job_id;
--> statement-breakpoint
ANALYZE llamacloud_sync.rechecks;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."rechecks" ADD CONSTRAINT "rechecks_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."source_projects" ADD CONSTRAINT "source_projects_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."spans" ADD CONSTRAINT "spans_source_sources_name_fk" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
CREATE INDEX "rechecks_due" ON "llamacloud_sync"."rechecks" USING btree ("source","due_at") WHERE reason is null;
--> statement-breakpoint
CREATE INDEX "rechecks_held" ON "llamacloud_sync"."rechecks" USING btree ("source","missed_at") WHERE missed_at is not null and gone_at is null;
--> statement-breakpoint
CREATE INDEX "rechecks_quarantined" ON "llamacloud_sync"."rechecks" USING btree ("source","due_at") WHERE reason is not null;
--> statement-breakpoint
CREATE INDEX "spans_due" ON "llamacloud_sync"."spans" USING btree ("source","due_at");
--> statement-breakpoint
CREATE INDEX "spans_quarantined" ON "llamacloud_sync"."spans" USING btree ("source") WHERE reason is not null;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."rejects" ADD CONSTRAINT "rejects_source_sources_name_fk1" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."runs" ADD CONSTRAINT "runs_source_sources_name_fk1" FOREIGN KEY ("source") REFERENCES "llamacloud_sync"."sources"("name") ON DELETE cascade ON UPDATE cascade;
--> statement-breakpoint
-- I14: what readers wait for, and only for changes of the catalogue. The view before what it reads, as a query locks them.
LOCK TABLE
	llamacloud.sync_freshness,
	llamacloud_sync.sources,
	llamacloud_sync.open_jobs,
	llamacloud_sync.walked_jobs,
	llamacloud_sync.walks,
	llamacloud_sync.windows,
	llamacloud_sync.runs,
	llamacloud_sync.rejects
	IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."rejects" DROP CONSTRAINT "rejects_source_sources_name_fk";
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."runs" DROP CONSTRAINT "runs_source_sources_name_fk";
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."rejects" RENAME CONSTRAINT "rejects_source_sources_name_fk1" TO "rejects_source_sources_name_fk";
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."runs" RENAME CONSTRAINT "runs_source_sources_name_fk1" TO "runs_source_sources_name_fk";
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."runs" ADD COLUMN "commits" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "head_from" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "head_until" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "head_read_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "dark_since" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "probed_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "reconcile_every" double precision;
--> statement-breakpoint
ALTER TABLE "llamacloud_sync"."sources" ADD COLUMN "former_names" text[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
UPDATE llamacloud_sync.sources AS source
SET
	head_from = greatest(source.covered_from, source.watermark - interval '1 hour'),
	head_until = source.watermark,
	head_read_at = coalesce(source.last_success_at, clock_timestamp())
WHERE source.covered_from IS NOT NULL AND source.watermark IS NOT NULL;
--> statement-breakpoint
CREATE OR REPLACE VIEW llamacloud.sync_freshness AS
SELECT
	source.name AS source,
	source.project_id,
	source.covered_from,
	source.watermark,
	-- greatest(0, null) would be 0.
	extract(epoch FROM CASE
		WHEN source.head_read_at < now() THEN now() - source.head_read_at
		WHEN source.head_read_at IS NOT NULL THEN interval '0'
	END)::double precision AS lag_seconds,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.seen_at IS NOT NULL AND recheck.gone_at IS NULL
	) AS open_jobs,
	(SELECT count(*) FROM llamacloud_sync.rejects AS reject WHERE reject.source = source.name) AS rejects,
	source.last_success_at,
	(
		SELECT CASE WHEN count(*) = count(span.read_at) THEN min(span.read_at) END
		FROM llamacloud_sync.spans AS span WHERE span.source = source.name
	) AS last_reconcile_at,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.missed_at IS NOT NULL AND recheck.gone_at IS NULL
	) AS held_jobs,
	(
		SELECT count(*) FROM llamacloud_sync.rechecks AS recheck
		WHERE recheck.source = source.name AND recheck.reason IS NOT NULL
	) + (
		SELECT count(*) FROM llamacloud_sync.spans AS span
		WHERE span.source = source.name AND span.reason IS NOT NULL
	) AS quarantined,
	source.dark_since
FROM llamacloud_sync.sources AS source;
--> statement-breakpoint
DROP TABLE llamacloud_sync.open_jobs;
--> statement-breakpoint
DROP TABLE llamacloud_sync.walked_jobs;
--> statement-breakpoint
DROP TABLE llamacloud_sync.walks;
--> statement-breakpoint
DROP TABLE llamacloud_sync.windows;
--> statement-breakpoint
ALTER TABLE llamacloud_sync.sources DROP COLUMN last_reconcile_at;
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.lag_seconds IS 'Seconds since the present was last read completely. Null before the first sync.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.last_reconcile_at IS 'Since when every stored job was compared with the API. Null before that.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.held_jobs IS 'Jobs that are missing upstream and not believed to be gone yet.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.quarantined IS 'Jobs and spans of time that cannot be read and are set aside. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud.sync_freshness.dark_since IS 'Since when LlamaCloud has shown none of the jobs that it should know. Null while it does.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.rechecks IS 'Jobs to be asked for again by id: not finished, not shown where they should be, or marked as gone lately.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.job_id IS 'Id of the job.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.noted_at IS 'When it was put on this list. All times are by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.seen_at IS 'When the API last showed it unfinished. Null when it is only looked for.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.due_at IS 'When it is to be asked for again.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.missed_at IS 'When the API first did not return it. Null while it does.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.missed_again_at IS 'When the API did not return it again, long enough after that.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.gone_at IS 'When it was marked as gone. Null while it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.reason IS 'Why it cannot be asked for: it is in quarantine. Null when it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.tries IS 'How often it was tried while in quarantine.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.rechecks.quarantined_at IS 'When it was put in quarantine.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.kind IS 'What was run: sync, backfill, reconcile, accept-deletions.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.outcome IS 'running, succeeded, degraded (all but what is in quarantine), stopped (the next run goes on), failed, or abandoned (killed).';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.requests IS 'Requests sent to the API, retries included.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.retries IS 'Requests that were retries after a fault.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.deletions IS 'Jobs marked as gone.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.repairs IS 'Differences that a reading found where everything should have been right. Should be 0.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.runs.commits IS 'Transactions committed. A smaller number than the worker knows tells of a failover that lost some.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.source_projects IS 'The projects whose jobs a source has delivered.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.project_id IS 'Id of the project. Empty for jobs that name none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.source_projects.canaries IS 'Ids of some of its jobs: they must be stored, and the API key must show some of them.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_from IS 'Where the open span begins, which holds the present, by the clock of the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_until IS 'The present, by the clock of the API, when the open span was last read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.head_read_at IS 'When the open span was last read, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.dark_since IS 'Since when the API has shown none of the jobs that it should know. Null while it does.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.probed_at IS 'When the oldest jobs were last asked for, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.former_names IS 'Names that the source had before.';
--> statement-breakpoint
COMMENT ON TABLE llamacloud_sync.spans IS 'The timeline: pieces of created_at that touch each other, and when each was last read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.source IS 'The source, as named by SYNC_SOURCE.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.lower IS 'Start of the span, inclusive, by the clock of the API.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.upper IS 'End of the span, inclusive. Neighbouring spans share it.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.fresh_at IS 'When the end of the span was the present, by the clock of this database.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.read_at IS 'When its latest complete reading began. Null: it was never read.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.items IS 'How many items that reading brought. Null when that is not known.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.empties IS 'How many readings in a row brought none.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.due_at IS 'When it is to be read next. Null for never.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.began_at IS 'When the reading under way began. Null when none is.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.page_token IS 'Token of the next page of that reading, which goes on here after a stop.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.pages IS 'Pages of that reading that are committed.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.reason IS 'Why it cannot be read: it is in quarantine. Null when it is not.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.tries IS 'How often it was tried while in quarantine.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.spans.quarantined_at IS 'When it was put in quarantine.';
--> statement-breakpoint
COMMENT ON COLUMN llamacloud_sync.sources.reconcile_every IS 'SYNC_RECONCILE_EVERY in seconds, as the spans follow it. Null for never.';