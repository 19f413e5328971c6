import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/**
 * A program: PGlite (PostgreSQL in WebAssembly) with pgvector behind a socket of 127.0.0.1, until it is told to stop.
 * Arguments: port, data directory. It knows no passwords and no TLS, and runs one transaction at a time.
 */
const [port, directory] = process.argv.slice(2);
const db = await PGlite.create(directory ?? '', { extensions: { vector } });
const server = new PGLiteSocketServer({ db, port: Number(port), host: '127.0.0.1', maxConnections: 100 });
await server.start();

const stop = async (): Promise<void> => {
  await server.stop();
  await db.close();
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
