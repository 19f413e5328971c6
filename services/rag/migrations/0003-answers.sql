-- Answers are kept for a while: so that a stream can be taken up again, on whichever pod, and looked into afterwards.
CREATE TABLE answers (
  id          text   COLLATE "C" PRIMARY KEY,
  tenant      text   COLLATE "C" NOT NULL,
  subject     text   COLLATE "C" NOT NULL,
  status      text   NOT NULL CHECK (status IN ('running', 'completed', 'failed')),
  answer      jsonb,
  trace       jsonb  NOT NULL DEFAULT '[]',
  problem     jsonb,
  created_at  timestamptz NOT NULL DEFAULT now(),
  -- Renewed while its process lives.
  alive_until timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX answers_of ON answers (tenant, subject);
CREATE INDEX answers_expired ON answers (tenant, expires_at);

CREATE TABLE answer_events (
  answer_id text    COLLATE "C" NOT NULL REFERENCES answers ON DELETE CASCADE,
  sequence  integer NOT NULL,
  tenant    text    COLLATE "C" NOT NULL,
  event     text    NOT NULL,
  data      jsonb   NOT NULL,
  PRIMARY KEY (answer_id, sequence)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['answers', 'answer_events'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
       WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
  END LOOP;
END $$;
