-- Everything of a tenant carries the tenant's name, every statement asks for it, and row-level security asks again:
-- a statement that forgot would find nothing. FORCE, because the service's logins are members of the owner.

CREATE TABLE collections (
  collection_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id              text   COLLATE "C" NOT NULL UNIQUE,
  tenant          text   COLLATE "C" NOT NULL,
  -- Chosen by whoever made it; a vector store of OpenAI's API has none.
  name            text   COLLATE "C",
  title           text   NOT NULL DEFAULT '',
  description     text   NOT NULL DEFAULT '',
  metadata        jsonb  NOT NULL DEFAULT '{}',
  settings        jsonb  NOT NULL,
  revision        bigint NOT NULL DEFAULT 1,
  -- Moves with every document that comes, changes or goes: by it a process knows that what it has in memory is old.
  generation      bigint NOT NULL DEFAULT 0,
  next_document   bigint NOT NULL DEFAULT 0,
  next_chunk      bigint NOT NULL DEFAULT 0,
  documents       bigint NOT NULL DEFAULT 0,
  chunks          bigint NOT NULL DEFAULT 0,
  bytes           bigint NOT NULL DEFAULT 0,
  -- The vectors that are searched; none before the first document.
  space_id        bigint,
  created_by      text   COLLATE "C" NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  last_active_at  timestamptz NOT NULL DEFAULT now(),
  -- After so many days without use it is gone.
  expire_after_days integer,
  expires_at      timestamptz,
  UNIQUE (tenant, name)
) WITH (fillfactor = 50); -- every write moves the generation: room for the new row on the same page
CREATE INDEX collections_by_tenant ON collections (tenant, id);
CREATE INDEX collections_expired ON collections (expires_at) WHERE expires_at IS NOT NULL;

-- Vectors of one model and number of dimensions. A collection has one that is searched, and one that is being filled
-- while it is embedded anew.
CREATE TABLE spaces (
  space_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  collection_id bigint NOT NULL,
  tenant        text   COLLATE "C" NOT NULL,
  model         text   NOT NULL,
  dimensions    integer NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spaces_collection ON spaces (collection_id);

CREATE TABLE documents (
  id            text   COLLATE "C" PRIMARY KEY,
  tenant        text   COLLATE "C" NOT NULL,
  collection_id bigint NOT NULL,
  status        text   NOT NULL CHECK (status IN ('in_progress', 'completed', 'failed', 'cancelled')),
  -- Given when it can be found, in the order of that.
  number        bigint,
  external_id   text   COLLATE "C",
  file_id       text   COLLATE "C",
  job_id        text   COLLATE "C",
  batch_id      text   COLLATE "C",
  title         text   NOT NULL DEFAULT '',
  source        jsonb  NOT NULL DEFAULT '{}',
  content_hash  bytea,
  bytes         bigint NOT NULL DEFAULT 0,
  chunks        integer NOT NULL DEFAULT 0,
  text          text,
  metadata      jsonb  NOT NULL DEFAULT '{}',
  acl           text[] NOT NULL DEFAULT '{}',
  chunking      jsonb  NOT NULL,
  -- The words of its chunks, for the index in memory.
  words         bytea,
  problem       jsonb,
  created_by    text   COLLATE "C" NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE documents ALTER COLUMN words SET STORAGE EXTERNAL;
CREATE INDEX documents_list ON documents (collection_id, id);
CREATE UNIQUE INDEX documents_number ON documents (collection_id, number) WHERE number IS NOT NULL;
CREATE INDEX documents_hash ON documents (collection_id, content_hash) WHERE number IS NOT NULL;
CREATE INDEX documents_external ON documents (collection_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX documents_file ON documents (tenant, file_id) WHERE file_id IS NOT NULL;
CREATE INDEX documents_batch ON documents (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE chunks (
  collection_id bigint  NOT NULL,
  number        bigint  NOT NULL,
  tenant        text    COLLATE "C" NOT NULL,
  document_id   text    COLLATE "C" NOT NULL,
  -- The first chunk of the document is 0.
  ordinal       integer NOT NULL,
  -- In UTF-16 units of the document's text, which are those of JavaScript's strings.
  start_at      integer NOT NULL,
  end_at        integer NOT NULL,
  -- Titles above it, which are embedded and indexed with it and are no part of its text.
  context       text    NOT NULL,
  text          text    NOT NULL,
  hash          bytea   NOT NULL,
  PRIMARY KEY (collection_id, number)
);
CREATE INDEX chunks_document ON chunks (document_id, ordinal);
CREATE INDEX chunks_hash ON chunks (collection_id, hash);

-- What happened to documents that were there already; what was added is found by its number.
CREATE TABLE changes (
  collection_id bigint NOT NULL,
  generation    bigint NOT NULL,
  tenant        text   COLLATE "C" NOT NULL,
  document      bigint NOT NULL,
  kind          text   NOT NULL CHECK (kind IN ('removed', 'changed')),
  at            timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (collection_id, generation, document)
);

-- The tenant is read through a subquery, so that it is read once per statement and not once per row.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['collections', 'spaces', 'documents', 'chunks', 'changes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
       WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
  END LOOP;
END $$;

-- Vectors live in a table of their own: a graph over one collection's vectors never has to step over another's, and the
-- dimensions are the column's type. Half precision takes half the memory and loses less than the graph does; pgvector
-- builds graphs over up to 4,000 such dimensions. These functions are the only run-time DDL. They run as the schema's
-- owner, so that tables belong to it whichever login generation made them.
CREATE FUNCTION create_space_table(space bigint, graph boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  name text := 'vectors_' || space;
  size integer;
BEGIN
  -- Row-level security holds here too: only the caller's own space is found.
  SELECT dimensions INTO size FROM spaces s WHERE s.space_id = space;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such space'; END IF;
  EXECUTE format('CREATE TABLE %I (number bigint PRIMARY KEY, tenant text COLLATE "C" NOT NULL,
                  embedding halfvec(%s) NOT NULL)', name, size);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
     WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
  IF graph THEN PERFORM create_space_graph(space); END IF;
END $$;

-- Where many vectors come at once, building the graph over all of them is several times as fast as adding each.
CREATE FUNCTION create_space_graph(space bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM spaces s WHERE s.space_id = space;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such space'; END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I USING hnsw (embedding halfvec_cosine_ops)
                  WITH (m = 16, ef_construction = 100)', 'graph_' || space, 'vectors_' || space);
END $$;

CREATE FUNCTION drop_space_table(space bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM spaces s WHERE s.space_id = space;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such space'; END IF;
  EXECUTE format('DROP TABLE IF EXISTS %I', 'vectors_' || space);
END $$;

-- A function is everybody's to call unless it is said otherwise. Logins of the service are members of the owner.
REVOKE ALL ON FUNCTION create_space_table(bigint, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION create_space_graph(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_space_table(bigint) FROM PUBLIC;
