COMMENT ON COLUMN llamacloud_sync.rechecks.missed_at IS 'When the API first did not return it while it returned others of its project; infinity while it returns none. Null: it is not missing.';
