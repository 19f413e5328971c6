import { describeServiceConventions } from '../src/testing/index.ts';
import { startSample } from './builders/sample-service.ts';

describeServiceConventions('notes', { start: () => startSample() });
