-- One row a source that is behind: a source that is stuck cannot hide behind the others.
{{ config(severity='warn') }}

select source, lag_seconds, settled_until
from {{ source('llamacloud', 'sync_freshness') }}
where lag_seconds is null
    or lag_seconds > {{ var('llamacloud_stale_after_seconds', 3600) }}
    -- Increments wait for it, though it may have been read.
    or settled_until < now() - {{ var('llamacloud_stale_after_seconds', 3600) }} * interval '1 second'
