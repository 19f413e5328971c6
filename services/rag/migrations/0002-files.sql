-- Files as OpenAI's API knows them. Their bytes are compressed already, or small.
CREATE TABLE files (
  id         text   COLLATE "C" PRIMARY KEY,
  tenant     text   COLLATE "C" NOT NULL,
  subject    text   COLLATE "C" NOT NULL,
  filename   text   NOT NULL,
  media_type text   NOT NULL,
  purpose    text   NOT NULL,
  bytes      bigint NOT NULL,
  content    bytea  NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz
);
ALTER TABLE files ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX files_by_tenant ON files (tenant, id);

-- Many files that were added to a vector store together.
CREATE TABLE file_batches (
  id            text   COLLATE "C" PRIMARY KEY,
  tenant        text   COLLATE "C" NOT NULL,
  collection_id bigint NOT NULL,
  cancelled     boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX file_batches_collection ON file_batches (collection_id);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['files', 'file_batches'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
       WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
  END LOOP;
END $$;
