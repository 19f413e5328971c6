import { done, refTo, stall, wait } from '../../runtime/index.ts';
import type { Result } from '../../runtime/index.ts';
import { applyStage, keepStage } from '../apply-stage.ts';
import { HttpRoutes } from '../kinds.ts';
import { explainMissing } from '../secrets/external-secrets.ts';
import { readReferences } from '../secrets/references.ts';
import type { PlatformContext, PlatformStep } from '../session.ts';

const LOOK_AGAIN_MS = 10_000;

/**
 * Opens the platform to the outside, last of all. An Ingress is done once it is there, because many controllers never
 * write its status; an HTTPRoute also when its Gateway has not refused it.
 */
export const edge: PlatformStep = {
  name: 'edge',
  condition: 'EdgeReady',
  async run(context) {
    const { session } = context;
    const { missing } = await readReferences(context, ({ field }) => field.startsWith('spec.ingress'));
    if (missing) {
      const { reason, message } = explainMissing(missing, context);
      session.problems.push({ reason, message });
      return wait(reason, message, { afterMs: LOOK_AGAIN_MS });
    }
    await applyStage(context, 'edge', (rendered) => rendered.edge);
    for (const { metadata } of session.outline.edge.filter(({ kind }) => kind === HttpRoutes.kind)) {
      const refused = refusal(metadata.name, context);
      if (refused) return refused;
    }
    const { ingress } = session.platform.spec;
    return done(
      'EdgeReady',
      ingress ? `${ingress.host} leads to the gateway` : 'not reachable from outside the cluster',
    );
  },
  keep: (context) => keepStage(context, 'edge', (rendered) => rendered.edge),
};

function refusal(name: string, context: PlatformContext): Result | undefined {
  const route = context.observe(refTo(HttpRoutes, name, context.session.platform.metadata.namespace));
  const conditions = route?.status?.parents?.flatMap(({ conditions: own = [] }) => own) ?? [];
  const refused = conditions.find(({ status }) => status === 'False');
  if (!refused) return undefined;
  const message = `HTTPRoute ${name}: ${refused.message ?? refused.reason}`;
  return refused.type === 'Accepted'
    ? stall('RouteRefused', message)
    : wait('RouteNotReady', message, { afterMs: LOOK_AGAIN_MS });
}
