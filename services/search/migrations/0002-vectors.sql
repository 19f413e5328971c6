-- Vectors of an index live in a table of their own: a graph over one index's vectors never has to step over
-- another's, and the dimensions are the column's type. The two functions are the only run-time DDL. They run as the
-- schema's owner, so that tables belong to it whichever login generation made them.

CREATE FUNCTION create_vector_table(index_id bigint, engine text, dimensions integer, operator_class text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE name text := 'vectors_' || create_vector_table.index_id;
BEGIN
  -- Row-level security holds here too: only the caller's own index is found.
  PERFORM FROM indexes i WHERE i.index_id = create_vector_table.index_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such index'; END IF;
  IF engine = 'hnsw' THEN
    EXECUTE format('CREATE TABLE %I (number bigint PRIMARY KEY, tenant text COLLATE "C" NOT NULL,
                    embedding vector(%s) NOT NULL)', name, dimensions);
    EXECUTE format('CREATE INDEX ON %I USING hnsw (embedding %I) WITH (m = 16, ef_construction = 64)',
                   name, operator_class);
  ELSE
    -- Without pgvector: 32-bit floats, little-endian, compared by the service.
    EXECUTE format('CREATE TABLE %I (number bigint PRIMARY KEY, tenant text COLLATE "C" NOT NULL,
                    embedding bytea NOT NULL)', name);
    EXECUTE format('ALTER TABLE %I ALTER COLUMN embedding SET STORAGE EXTERNAL', name);
  END IF;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
     WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
END $$;

CREATE FUNCTION drop_vector_table(index_id bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM indexes i WHERE i.index_id = drop_vector_table.index_id;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such index'; END IF;
  EXECUTE format('DROP TABLE IF EXISTS %I', 'vectors_' || drop_vector_table.index_id);
END $$;

-- A function is everybody's to call unless it is said otherwise. Logins of the service are members of the owner.
REVOKE ALL ON FUNCTION create_vector_table(bigint, text, integer, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_vector_table(bigint) FROM PUBLIC;
