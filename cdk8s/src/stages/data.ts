import { Construct } from 'constructs';
import { Postgres } from '../constructs/postgres.ts';
import { Valkey } from '../constructs/valkey.ts';
import type { Context } from '../context.ts';

/** The database and the cache, where the operator runs them itself. */
export class DataStage extends Construct {
  constructor(scope: Construct, context: Context) {
    super(scope, 'data');
    const { database, cache } = context.settings;
    if (database.kind === 'inCluster') new Postgres(this, 'postgres', { context, server: database });
    if (cache.kind === 'inCluster') new Valkey(this, 'valkey', { context, server: cache });
  }
}
