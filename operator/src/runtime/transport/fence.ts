import type { Dispatcher } from 'undici';

/**
 * Asks `guard` at the last moment before a request's first byte, when it has its connection. Between an earlier check
 * and that moment a connection may have to be opened, and a process may stand still: what it sends when it goes on would
 * be the write of a former leader beside those of its successor.
 */
export function fencedBy(guard: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => dispatch(options, fence(handler, guard));
}

/** undici fails the request with what is thrown here, and sends nothing of it. */
function fence(handler: Dispatcher.DispatchHandler, guard: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart(...args) {
      guard();
      handler.onRequestStart?.(...args);
    },
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}
