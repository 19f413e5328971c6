-- Responses that are kept, so that they can be read again, gone on from, and resumed. Everything carries its tenant and
-- its user, every statement asks for both, and row-level security asks for the tenant again.

CREATE TABLE responses (
  tenant           text COLLATE "C" NOT NULL,
  id               text COLLATE "C" NOT NULL,
  subject          text COLLATE "C" NOT NULL,
  status           text NOT NULL,
  -- json, not jsonb: what was said is given back as it was said.
  body             json NOT NULL,
  -- The whole conversation that it answers, and then the answer: what the next one goes on from.
  items            json NOT NULL,
  background       boolean NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  -- Whoever works on it says so; a process that died does not.
  alive_until      timestamptz NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX responses_expiry ON responses (tenant, expires_at);
CREATE INDEX responses_subject ON responses (tenant, subject);

CREATE TABLE response_events (
  tenant   text COLLATE "C" NOT NULL,
  response text COLLATE "C" NOT NULL,
  sequence integer NOT NULL,
  data     text NOT NULL,
  PRIMARY KEY (tenant, response, sequence),
  FOREIGN KEY (tenant, response) REFERENCES responses (tenant, id) ON DELETE CASCADE
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['responses', 'response_events'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I USING (tenant = (SELECT current_setting(''app.tenant'', true)))
       WITH CHECK (tenant = (SELECT current_setting(''app.tenant'', true)))', name);
  END LOOP;
END $$;
