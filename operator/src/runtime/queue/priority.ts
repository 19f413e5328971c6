/** Why a key is looked at; lower is more urgent. */
export const priorities = {
  /** The object itself was changed or deleted by somebody. */
  user: 0,
  /** Something that concerns it changed, or a wait is over. */
  related: 1,
  /** Nothing is known to have changed: resync, start. */
  resync: 2,
} as const;

export type Priority = (typeof priorities)[keyof typeof priorities];

export const priorityCount = 3;
