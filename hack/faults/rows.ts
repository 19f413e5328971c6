import { enumeration } from './enumeration.ts';
import type { Row } from './room.ts';
import { brokenWatch } from './rows/broken-watch.ts';
import { conflict } from './rows/conflict.ts';
import { credentials } from './rows/credentials.ts';
import { dataServices } from './rows/data-services.ts';
import { expiredVersion } from './rows/expired-version.ts';
import { frozenWatch } from './rows/frozen-watch.ts';
import { latency } from './rows/latency.ts';
import { leadership } from './rows/leadership.ts';
import { overload } from './rows/overload.ts';
import { rest } from './rows/rest.ts';
import { sequences } from './rows/sequences.ts';
import { termination } from './rows/termination.ts';
import { timeTravel } from './rows/time-travel.ts';

/** Every row of the plan of faults. */
export const rows: readonly Row[] = [
  enumeration,
  timeTravel,
  frozenWatch,
  brokenWatch,
  expiredVersion,
  conflict,
  overload,
  latency,
  leadership,
  credentials,
  termination,
  sequences,
  rest,
  dataServices,
];
