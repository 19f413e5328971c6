-- Answers to questions, by what they mean. The few of one tenant with one fingerprint are compared one by one, so that
-- there is no index of vectors: with a filter it would miss some.
CREATE TABLE semantic_answers (
  answer      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant      text COLLATE "C" NOT NULL,
  subject     text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  vector      vector(384) NOT NULL,
  target      text NOT NULL,
  reply       text NOT NULL,
  expires_at  timestamptz NOT NULL
);
CREATE INDEX semantic_answers_place ON semantic_answers (tenant, fingerprint, answer);
CREATE INDEX semantic_answers_subject ON semantic_answers (tenant, subject);

ALTER TABLE semantic_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE semantic_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON semantic_answers USING (tenant = (SELECT current_setting('app.tenant', true)))
  WITH CHECK (tenant = (SELECT current_setting('app.tenant', true)));
