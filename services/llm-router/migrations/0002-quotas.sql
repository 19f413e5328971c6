-- What tenants and users may use, and what they did. Every statement names its tenant; there is no row-level security
-- here, because one statement brings what a process counted for all of its tenants.

-- Amounts that were set by the API; they go before those of the settings.
CREATE TABLE quotas (
  tenant text   COLLATE "C" NOT NULL,
  per    text   NOT NULL CHECK (per IN ('tenant', 'user')),
  unit   text   NOT NULL CHECK (unit IN ('micros', 'tokens', 'requests')),
  period text   NOT NULL CHECK (period IN ('minute', 'hour', 'day', 'month')),
  amount bigint NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (tenant, per, unit, period)
);

-- One row for each time in which something is counted. spent + reserved never exceeds the amount that was asked with.
CREATE TABLE quota_accounts (
  tenant    text   COLLATE "C" NOT NULL,
  -- '' where the tenant is counted as a whole.
  subject   text   COLLATE "C" NOT NULL,
  unit      text   NOT NULL,
  period    text   NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at   timestamptz NOT NULL,
  spent     bigint NOT NULL DEFAULT 0,
  reserved  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, subject, unit, period, starts_at)
) WITH (fillfactor = 50);
CREATE INDEX quota_accounts_ends ON quota_accounts (ends_at);

-- What each process holds of an account: reserved there, and its own to hand out. One that died says nothing any more.
CREATE TABLE quota_leases (
  tenant      text   COLLATE "C" NOT NULL,
  subject     text   COLLATE "C" NOT NULL,
  unit        text   NOT NULL,
  period      text   NOT NULL,
  starts_at   timestamptz NOT NULL,
  holder      uuid   NOT NULL,
  amount      bigint NOT NULL,
  -- Of it, what requests were being answered with when it was last heard of.
  in_flight   bigint NOT NULL DEFAULT 0,
  alive_until timestamptz NOT NULL,
  PRIMARY KEY (tenant, subject, unit, period, starts_at, holder),
  FOREIGN KEY (tenant, subject, unit, period, starts_at) REFERENCES quota_accounts ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE TABLE usage_hours (
  hour              timestamptz NOT NULL,
  tenant            text   COLLATE "C" NOT NULL,
  -- '' of users that have been erased.
  subject           text   COLLATE "C" NOT NULL,
  model             text   COLLATE "C" NOT NULL,
  target            text   COLLATE "C" NOT NULL,
  operation         text   NOT NULL,
  price_version     text   NOT NULL,
  requests          bigint NOT NULL,
  failures          bigint NOT NULL,
  cache_hits        bigint NOT NULL,
  prompt_tokens     bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cost_micros       bigint NOT NULL,
  PRIMARY KEY (tenant, hour, subject, model, target, operation, price_version)
) WITH (fillfactor = 70);
