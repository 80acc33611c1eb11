{{ config(unique_key='id', on_schema_change='append_new_columns') }}

select
    id,
    source,
    project_id,
    user_id,
    status,
    document_input_type,
    file_input,
    parse_job_id,
    transaction_id,
    configuration_id,
    configuration_hash,
    error_message,
    result_type,
    result_confidence,
    result_reasoning,
    created_at,
    updated_at,
    first_seen_at,
    synced_at,
    deleted_at,
    {{ settled_to() }} as settled_to
from {{ source('llamacloud', 'classify_jobs') }}
where {{ settled_increment('synced_at') }}
