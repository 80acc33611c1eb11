{{ config(unique_key='id', on_schema_change='append_new_columns') }}

select
    id,
    job_id,
    observed_at,
    event,
    from_status,
    to_status,
    from_result_type,
    to_result_type,
    from_result_confidence,
    to_result_confidence,
    from_updated_at,
    to_updated_at,
    {{ settled_to() }} as settled_to
from {{ source('llamacloud', 'classify_job_changes') }}
where {{ settled_increment('observed_at') }}
