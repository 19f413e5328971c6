import type { SsrfGuard } from '@genai-platform/common';
import type { Converter } from '../converter.ts';
import type { ReportStore } from '../store/report-store.ts';

/** What jobs work with. */
export interface JobParts {
  readonly converter: Converter;
  readonly guard: SsrfGuard;
  readonly reports: ReportStore;
  readonly maxBytes: number;
}
