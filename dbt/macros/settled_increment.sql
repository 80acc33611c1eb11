{# Rows that are new or changed since this model was last built, and none that a later commit could still precede.
   `settled_to` is kept in each row: it is where the next increment begins. #}
{% macro settled_to() -%}
(select min(settled_until) from {{ source('llamacloud', 'sync_freshness') }})
{%- endmacro %}

{% macro settled_increment(time_column) -%}
{{ time_column }} < {{ llamacloud_sync.settled_to() }}
{%- if is_incremental() %}
and {{ time_column }} >= coalesce((select max(settled_to) from {{ this }}), '-infinity'::timestamptz)
{%- endif %}
{%- endmacro %}
