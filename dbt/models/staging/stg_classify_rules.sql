{{ config(materialized='view') }}

select configuration_hash, position, type, description
from {{ source('llamacloud', 'classify_rules') }}
