-- What was used, by API key too, and what of it was in the caches of providers. It is a table of its own, because
-- processes of the version before go on counting into usage_hours until they have been replaced; what is there stays and
-- is read with this.
CREATE TABLE usage_counts (
  hour               timestamptz NOT NULL,
  tenant             text   COLLATE "C" NOT NULL,
  -- '' of users that have been erased.
  subject            text   COLLATE "C" NOT NULL,
  -- The id of the key that was shown, and never the key; '' without one, and of users that have been erased.
  api_key            text   COLLATE "C" NOT NULL,
  model              text   COLLATE "C" NOT NULL,
  target             text   COLLATE "C" NOT NULL,
  operation          text   NOT NULL,
  price_version      text   NOT NULL,
  requests           bigint NOT NULL,
  failures           bigint NOT NULL,
  cache_hits         bigint NOT NULL,
  prompt_tokens      bigint NOT NULL,
  completion_tokens  bigint NOT NULL,
  -- Of the prompt's.
  cache_read_tokens  bigint NOT NULL,
  cache_write_tokens bigint NOT NULL,
  -- Requests whose tokens nobody counted.
  estimated          bigint NOT NULL,
  cost_micros        bigint NOT NULL,
  PRIMARY KEY (tenant, hour, subject, api_key, model, target, operation, price_version)
) WITH (fillfactor = 70);
