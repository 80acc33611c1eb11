COMMENT ON COLUMN llamacloud.sync_freshness.quarantined IS 'Jobs and time spans that are set aside because the API fails for them, or the database refuses them. Should be 0.';
