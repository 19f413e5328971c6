-- Which collections have been searched lately: a process that starts reads their words before it is asked for them. Rows
-- are of all tenants and hold nothing of theirs; what is read by them is read as the tenant.
CREATE TABLE recent_collections (
  collection_id bigint PRIMARY KEY,
  tenant        text   COLLATE "C" NOT NULL,
  searched_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recent_collections_latest ON recent_collections (searched_at);
