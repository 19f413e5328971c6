-- Accounts and everything that proves who somebody is. What can be presented as a credential is never stored: passwords
-- as argon2id, one-time and API tokens as SHA-256 of 256 random bits, refresh tokens not at all (they are derived).

CREATE TABLE users (
  id                text COLLATE "C" PRIMARY KEY,
  tenant            text COLLATE "C" NOT NULL,
  -- As it was given, for mail; and as it is compared.
  email             text,
  email_key         text COLLATE "C" UNIQUE,
  username          text COLLATE "C" UNIQUE,
  name              text,
  role              text NOT NULL CHECK (role IN ('admin', 'member', 'service')),
  password_hash     text,
  email_verified_at timestamptz,
  disabled_at       timestamptz,
  -- Encrypted. The step of the last code that was used: no code is taken twice (RFC 6238 section 5.2).
  totp_secret       bytea,
  totp_pending      bytea,
  totp_last_step    bigint NOT NULL DEFAULT 0,
  beta_token_id     text COLLATE "C",
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_by_tenant ON users (tenant, id);
CREATE INDEX users_by_beta_token ON users (beta_token_id) WHERE beta_token_id IS NOT NULL;

CREATE TABLE recovery_codes (
  user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  hash    bytea NOT NULL,
  PRIMARY KEY (user_id, hash)
);

-- A session is a family of refresh tokens: one is valid, named by its generation. superseded_ms says when each of the
-- last generations was replaced, newest last, so that a late one within the grace gets the same successor.
CREATE TABLE sessions (
  id            text COLLATE "C" PRIMARY KEY,
  user_id       text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  generation    integer NOT NULL DEFAULT 1,
  superseded_ms double precision[] NOT NULL DEFAULT '{}',
  mfa           boolean NOT NULL DEFAULT false,
  user_agent    text,
  address       text,
  created_at    timestamptz NOT NULL,
  last_used_at  timestamptz NOT NULL,
  idle_until    timestamptz NOT NULL,
  ends_at       timestamptz NOT NULL,
  revoked_at    timestamptz,
  revoke_reason text
) WITH (fillfactor = 70);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_ended ON sessions (idle_until);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE one_time_tokens (
  hash       bytea PRIMARY KEY,
  user_id    text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose    text NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
  expires_at timestamptz NOT NULL
);
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_expired ON one_time_tokens (expires_at);

CREATE TABLE api_keys (
  id                  text COLLATE "C" PRIMARY KEY,
  tenant              text COLLATE "C" NOT NULL,
  user_id             text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  name                text NOT NULL,
  hash                bytea NOT NULL UNIQUE,
  -- What people know it by in a list.
  prefix              text NOT NULL,
  scopes              text[] NOT NULL,
  expires_at          timestamptz,
  revoked_at          timestamptz,
  last_used_at        timestamptz,
  created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, id);
CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id);

CREATE TABLE beta_tokens (
  id                  text COLLATE "C" PRIMARY KEY,
  tenant              text COLLATE "C" NOT NULL,
  hash                bytea NOT NULL UNIQUE,
  prefix              text NOT NULL,
  cohort              text NOT NULL,
  max_uses            integer NOT NULL CHECK (max_uses > 0),
  uses                integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
  requests_per_second double precision NOT NULL,
  burst               integer NOT NULL,
  expires_at          timestamptz,
  revoked_at          timestamptz,
  created_by          text NOT NULL,
  created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX beta_tokens_by_tenant ON beta_tokens (tenant, id);

-- Requests by the users of a beta token, a row a user and day, counted by the gateway.
CREATE TABLE beta_usage (
  beta_token_id text COLLATE "C" NOT NULL REFERENCES beta_tokens ON DELETE CASCADE,
  user_id       text COLLATE "C" NOT NULL,
  day           date NOT NULL,
  requests      bigint NOT NULL,
  PRIMARY KEY (beta_token_id, day, user_id)
);

-- Private keys are encrypted by a key that is not in the database.
CREATE TABLE signing_keys (
  kid         text COLLATE "C" PRIMARY KEY,
  public_jwk  jsonb NOT NULL,
  private_key bytea NOT NULL,
  active_from timestamptz NOT NULL,
  -- Until when tokens of this key are accepted; unknown while it is the newest.
  expires_at  timestamptz,
  created_at  timestamptz NOT NULL
);

-- Theoretical arrival times of the generic cell rate algorithm, by the hash of what is limited.
CREATE TABLE throttles (
  key        bytea PRIMARY KEY,
  arrival_ms double precision NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX throttles_by_arrival ON throttles (arrival_ms);

-- Mail to be sent; without a mail server, mail to be read by an administrator. Text is encrypted: it holds tokens.
CREATE TABLE outbox (
  id         text COLLATE "C" PRIMARY KEY,
  user_id    text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  kind       text NOT NULL,
  recipient  text NOT NULL,
  content    bytea NOT NULL,
  attempts   integer NOT NULL DEFAULT 0,
  due_at     timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at);
CREATE INDEX outbox_by_user ON outbox (user_id);

CREATE TABLE erasures (
  id         text COLLATE "C" PRIMARY KEY,
  tenant     text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  report     jsonb NOT NULL,
  complete   boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX erasures_by_tenant ON erasures (tenant, id);

-- Who did what to whom. Names no person but by id, so that it can stay when a person is erased.
CREATE TABLE audit_log (
  id         text COLLATE "C" PRIMARY KEY,
  at         timestamptz NOT NULL,
  tenant     text COLLATE "C" NOT NULL,
  actor      text COLLATE "C" NOT NULL,
  action     text COLLATE "C" NOT NULL,
  target     text,
  outcome    text NOT NULL CHECK (outcome IN ('success', 'refused')),
  -- Of the client, without its last bits.
  network    text,
  request_id text,
  details    jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_tenant ON audit_log (tenant, id);
CREATE INDEX audit_log_by_target ON audit_log (target, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- What the kit's migrations ran under is the owner; even its members cannot change a line without removing the trigger.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC;
