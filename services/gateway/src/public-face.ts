import type { RequestHandler } from 'express';
import { AppError } from '@genai-platform/common';
import type { Admission } from './admission.ts';

/** What kubelet and Prometheus ask the pod itself; nobody outside the cluster has business with it. */
const INTERNAL = new Set(['/livez', '/readyz', '/metrics']);

/**
 * What applies to the gateway's own paths before their routes: requests count against their client's rate, and those that
 * came through a proxy (and so from outside) do not see the internal paths.
 */
export function publicFace(admission: Admission): RequestHandler {
  return async (req, res, next) => {
    if (INTERNAL.has(req.path)) {
      if (req.headers['x-forwarded-for'] === undefined) {
        next();
        return;
      }
      throw new AppError('ROUTE_UNKNOWN', { status: 404, detail: 'there is nothing at this address' });
    }
    const { headers } = await admission.admit(req);
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    next();
  };
}
