import { describeServiceConventions } from '@genai-platform/common/testing';
import { startRouter } from '../harness/start-router.ts';

describeServiceConventions('llm-router', { start: () => startRouter() });
