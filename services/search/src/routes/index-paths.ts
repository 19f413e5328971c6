import { z } from 'zod';
import { IndexName } from '../api/search-request.ts';

/** Parameters of addresses below one index. */
export const IndexPath = z.object({ name: IndexName });

/** Parameters of addresses of one document. */
export const DocumentPath = z.object({ name: IndexName, id: z.string().min(1).max(512) });
