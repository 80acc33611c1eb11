COMMENT ON COLUMN llamacloud_sync.open_jobs.seen_at IS 'When the API last showed it, by its clock. Of one that a reconcile did not come by: when it was created or first stored.';
