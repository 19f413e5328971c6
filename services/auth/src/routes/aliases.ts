import type { Handler, Route, RouteSpec, post } from '@genai-platform/common';

/** `post`, `get`, `del` … */
type Define = typeof post;

/** One implementation under several paths: each is a route of its own, and documented. */
export function under<const S extends RouteSpec>(
  define: Define,
  paths: readonly string[],
  spec: S,
  handler: Handler<S>,
): Route[] {
  return paths.map((path) => define(path, spec, handler));
}
