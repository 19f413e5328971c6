/** How a version of the echo service is made to fail. */
export const faults = ['crash', 'unready', 'migration'] as const;

export type Fault = (typeof faults)[number];

export function faultOf(text: string | undefined): Fault | undefined {
  return faults.find((fault) => fault === text);
}
