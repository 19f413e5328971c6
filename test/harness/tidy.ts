import { removeTemporaryFolder } from './temporary-folder.ts';

/** After all tests: nothing of them is left on the machine. */
export default function tidy(): void {
  removeTemporaryFolder();
}
