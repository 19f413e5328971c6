/** A parsed reply. Tests look into it freely; what is not there is `undefined`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what the test is about
export type Json = any;

/** What came back. */
export interface JsonReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export async function jsonReply(response: Response): Promise<JsonReply> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** The data of server-sent events, as they came. */
export async function eventData(response: Response): Promise<string[]> {
  return [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, line = '']) => line);
}
