-- Jobs that are settled, and not in the model, or not as they are.
select job.id
from {{ source('llamacloud', 'classify_jobs') }} as job
left join {{ ref('stg_classify_jobs') }} as copy on copy.id = job.id
where job.synced_at < (select max(settled_to) from {{ ref('stg_classify_jobs') }})
    and (copy.synced_at is null or copy.synced_at <> job.synced_at)
