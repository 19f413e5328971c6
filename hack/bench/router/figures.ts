import { significant, type Figure } from '../figure.ts';
import type { Measured, Results } from './turns.ts';

/** What was measured under each load. */
export interface RouterResults {
  /** Whole answers at 32 connections. */
  readonly plain: Results;
  /** Streams of 50 events at 32 connections. */
  readonly streams: Results;
  /** A stream with an event every 10 ms, one at a time. */
  readonly alone: Results;
}

const DIRECT = 'upstream';
const BARE = 'bare';
const OURS = 'router';
const BOTH = 'gateway + router';

/** What the router does beside the bare proxy and the upstream itself. */
export function routerFigures(results: RouterResults): Figure[] {
  const ours = of(results.plain, OURS);
  const bare = of(results.plain, BARE);
  const share = (name: string): number => of(results.streams, name).perSecond / of(results.streams, DIRECT).perSecond;
  const cpu = ours.cpuMicros / bare.cpuMicros;
  const direct = of(results.streams, DIRECT).perSecond;
  return [
    {
      ...{ name: 'router.cpu_vs_bare', value: significant(cpu), unit: 'times', ratio: significant(cpu) },
      yardstick: `bare node:http + undici proxy: ${micros(bare)} us CPU a request; the router: ${micros(ours)} us`,
    },
    {
      ...{ name: 'router.requests_per_second', value: significant(ours.perSecond), unit: '1/s at 32 connections' },
      yardstick: `bare proxy: ${rate(bare)}/s`,
      ratio: significant(ours.perSecond / bare.perSecond),
    },
    {
      ...{
        name: 'router.ttft_added_ms',
        value: significant(addedMs(results, OURS)),
        unit: 'ms to the first byte, p50',
      },
      yardstick: `bare proxy: ${String(significant(addedMs(results, BARE)))} ms`,
    },
    {
      ...{ name: 'router.stream_ratio', value: significant(share(OURS)), unit: 'of direct, streams/s of 50 events' },
      yardstick: `direct: ${String(significant(direct))} streams/s; bare proxy: ${String(significant(share(BARE)))} of it`,
      ratio: significant(share(OURS) / share(BARE)),
    },
    {
      ...{ name: 'router.stream_cpu_us', value: significant(of(results.streams, OURS).cpuMicros), unit: 'us a stream' },
      yardstick: `bare proxy: ${micros(of(results.streams, BARE))} us`,
      ratio: significant(of(results.streams, OURS).cpuMicros / of(results.streams, BARE).cpuMicros),
    },
    ...throughGateway(results),
  ];
}

function throughGateway(results: RouterResults): Figure[] {
  const both = of(results.plain, BOTH);
  const bare = of(results.plain, BARE);
  return [
    {
      ...{
        name: 'router.with_gateway.cpu_vs_bare',
        value: significant(both.cpuMicros / bare.cpuMicros),
        unit: 'times',
      },
      yardstick: `bare proxy: ${micros(bare)} us CPU a request; gateway and router together: ${micros(both)} us`,
    },
    {
      ...{ name: 'router.with_gateway.requests_per_second', value: significant(both.perSecond), unit: '1/s' },
      yardstick: `bare proxy: ${rate(bare)}/s`,
      ratio: significant(both.perSecond / bare.perSecond),
    },
    {
      name: 'router.with_gateway.ttft_added_ms',
      value: significant(addedMs(results, BOTH)),
      unit: 'ms to the first byte, p50',
    },
  ];
}

/** What the router does beside another one. */
export function peerFigures(results: RouterResults, peer: string): Figure[] {
  const [ours, theirs] = [of(results.plain, OURS), of(results.plain, peer)];
  const [ourStreams, theirStreams] = [of(results.streams, OURS), of(results.streams, peer)];
  const times = significant(ours.perSecond / theirs.perSecond);
  const bare = of(results.plain, BARE);
  return [
    {
      ...{ name: `router.vs_${peer}`, value: times, unit: 'times its requests/s at 32 connections', ratio: times },
      yardstick: `${peer}: ${rate(theirs)}/s; the router: ${rate(ours)}/s`,
    },
    {
      name: `router.vs_${peer}.cpu`,
      value: significant(ours.cpuMicros / theirs.cpuMicros),
      unit: 'of its CPU a request',
      yardstick: `${peer}: ${micros(theirs)} us, ${String(significant(theirs.cpuMicros / bare.cpuMicros))} times the bare proxy; the router: ${micros(ours)} us`,
    },
    {
      name: `router.vs_${peer}.ttft_added_ms`,
      value: significant(addedMs(results, OURS)),
      unit: 'ms to the first byte, p50',
      yardstick: `${peer}: ${String(significant(addedMs(results, peer)))} ms`,
    },
    {
      name: `router.vs_${peer}.streams`,
      value: significant(ourStreams.perSecond / theirStreams.perSecond),
      unit: 'times its streams/s',
      yardstick: `${peer}: ${rate(theirStreams)} streams/s; the router: ${rate(ourStreams)}`,
    },
  ];
}

function addedMs({ alone }: RouterResults, name: string): number {
  return of(alone, name).firstByteMs - of(alone, DIRECT).firstByteMs;
}

function of(results: Results, name: string): Measured {
  const found = results.get(name);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found;
}

function micros({ cpuMicros }: Measured): string {
  return String(significant(cpuMicros));
}

function rate({ perSecond }: Measured): string {
  return String(significant(perSecond));
}
