import type { Context } from '../context.ts';
import { workloadUrl } from '../settings/workload-url.ts';
import type { Attachment } from './attachment.ts';

/** Where the RAG service finds models and the conversion of documents; one that is switched off is not named. */
export function ragEnvironment({ settings }: Context): Attachment {
  const urlOf = (name: string): string | undefined => {
    const workload = settings.workloads.find(({ entry }) => entry.name === name);
    return workload && workloadUrl(settings, workload.entry);
  };
  const [router, conversion] = [urlOf('llm-router'), urlOf('format-conversion')];
  return {
    env: {
      ...(router !== undefined && { RAG_LLM_ROUTER_URL: router }),
      ...(conversion !== undefined && { RAG_FORMAT_CONVERSION_URL: conversion }),
    },
    mounts: [],
  };
}
