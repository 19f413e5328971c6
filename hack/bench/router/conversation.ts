/** In the text of a request whose stream is to come an event every 10 ms. */
export const pacedMark = 'paced';
/** Of a stream that is not paced. */
export const STREAM_EVENTS = 50;

/** What is asked for at one point of the measurement. */
export interface Load {
  readonly stream: boolean;
  readonly paced?: boolean;
  readonly parallel: number;
  readonly seconds: number;
}

/** The request, as a client words it. */
export function requestBody({ stream, paced = false }: Load): string {
  const content = paced ? `Hello there, ${pacedMark}.` : 'Hello there.';
  return JSON.stringify({ model: 'fixed', messages: [{ role: 'user', content }], ...(stream && { stream }) });
}
