-- Run once by the image of PostgreSQL, when its volume is empty: the role that BI tools log in as. What
-- the command `grant reader` gives, given ahead of the tables. The migrations keep a schema that is there already.
\set password `echo "${READER_PASSWORD:-reader}"`
create role reader login password :'password';
alter role reader set timezone to 'UTC';
create schema llamacloud;
comment on schema llamacloud is 'LlamaCloud jobs, kept equal to the API by llamacloud-sync. For people and BI tools.';
grant usage on schema llamacloud to reader;
alter default privileges in schema llamacloud grant select on tables to reader;
