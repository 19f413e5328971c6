import { dirname, join } from 'node:path';
import { createTestIdentity, freePort, modelsFolder } from '@genai-platform/common/testing';
import { Pool } from 'undici';
import type { Generate } from '../../../services/llm-router/test/harness/bare-engines.ts';
import { freshBundle } from '../../image/fresh-bundle.ts';
import { podFlags } from '../router/pod-flags.ts';
import { endChild, startProgram } from '../router/subject.ts';

/** The router as its image has it, with its own models and no database. */
export interface ServedModels {
  /** @returns the status; the body has been read */
  ask(path: string, body: object): Promise<number>;
  /** A stream of a chat: until its first word, until its end, in milliseconds, and its tokens. */
  readonly chat: Generate;
  /** Time of a request that no model has to do with, in milliseconds. */
  probe(): Promise<number>;
  stop(): Promise<void>;
}

type Post = (path: string, body: object) => ReturnType<Pool['request']>;

const WORKSPACE = 'services/llm-router';
const READY_MS = 30_000;

export async function startServedModels(threads: number, mostWaiting: number): Promise<ServedModels> {
  const { directory } = await freshBundle(WORKSPACE);
  const identity = createTestIdentity();
  const port = await freePort();
  const origin = `http://127.0.0.1:${String(port)}`;
  const child = await startProgram(process.execPath, [join(directory, 'main.js'), 'serve'], {
    env: {
      ...{ PATH: process.env['PATH'], NODE_ENV: 'production', NODE_OPTIONS: await podFlags(WORKSPACE, 'large') },
      NODE_COMPILE_CACHE: join(dirname(directory), 'compile-cache'),
      ...{ SERVICE_NAME: 'llm-router', HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port), LOG_LEVEL: 'warn' },
      ...{ IDENTITY_KEY_FILE: identity.keyFile, MODELS_DIR: modelsFolder, SHUTDOWN_DRAIN_DELAY_SECONDS: '0' },
      ...{ LLM_ENGINE_THREADS: String(threads), LLM_ENCODER_MAX_WAITING: String(mostWaiting) },
    },
    readyUrl: `${origin}/readyz`,
  });
  const pool = new Pool(origin, { connections: 64, headersTimeout: READY_MS });
  const post: Post = async (path, body) => {
    const authorization = `Bearer ${await identity.token('llm-router')}`;
    const headers = { 'content-type': 'application/json', authorization };
    return await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
  };
  return {
    ask: async (path, body) => {
      const reply = await post(path, body);
      await reply.body.dump();
      return reply.statusCode;
    },
    chat: chatBy(post),
    probe: async () => {
      const started = performance.now();
      await (await pool.request({ method: 'GET', path: '/livez' })).body.dump();
      return performance.now() - started;
    },
    stop: async () => {
      await pool.close();
      await endChild(child);
    },
  };
}

function chatBy(post: Post): Generate {
  return async (question, wanted) => {
    const started = performance.now();
    const messages = [{ role: 'user', content: question }];
    const sampling = { max_tokens: wanted, temperature: 0, stream: true, stream_options: { include_usage: true } };
    const reply = await post('/v1/chat/completions', { model: 'smollm2-135m-instruct', messages, ...sampling });
    let text = '';
    let firstMs = 0;
    for await (const chunk of reply.body) {
      text += String(chunk);
      // The first event may have the role alone.
      if (firstMs === 0 && /"content":"[^"]/.test(text)) firstMs = performance.now() - started;
    }
    const tokens = Number(/"completion_tokens":(\d+)/.exec(text)?.[1]);
    return { firstMs, allMs: performance.now() - started, tokens };
  };
}
