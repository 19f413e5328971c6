import { runCommand } from '../progress/command.ts';
import { ensureModels } from './models.ts';

/** Fetches the models that the table names, where they are not in the cache yet, and prints where they are. */
await runCommand(async () => {
  const say = (what: string): void => console.error(what);
  for (const [name, folder] of Object.entries(await ensureModels({ say, announce: say }))) {
    console.log(`${name.padEnd(24)} ${folder}`);
  }
});
