-- Quotas of each API key, beside those of tenants and users.
ALTER TABLE quotas DROP CONSTRAINT quotas_per_check;
ALTER TABLE quotas ADD CONSTRAINT quotas_per_check CHECK (per IN ('tenant', 'user', 'api_key'));
