-- What a conversion that ran as a job had to say besides its output: formats and warnings, for each document.
-- Reports go with their job.
CREATE TABLE conversion_reports (
  job_id text PRIMARY KEY REFERENCES jobs ON DELETE CASCADE,
  tenant text NOT NULL,
  report jsonb NOT NULL
);
