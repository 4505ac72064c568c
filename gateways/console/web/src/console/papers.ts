// Which papers cases have: by the step that makes one, from the timeline where it is known, else from what stands on the case. The
// server says it once more (storage/publish/case_sheets.hpp).
import type { Case, HistoryRow } from '../core/types';

const PAPERS: [paper: string, step: string, known: (item: Case & Record<string, any>) => boolean][] = [
  ['filing', 'file', (c) => !!c.filed_at],
  ['dispatch', 'dispatch', (c) => !!c.dispatched_at],
  ['supervision', 'supervise', (c) => Number(c.supervised ?? 0) > 0],
  ['extension', 'extend', (c) => (c.extensions ?? 0) > 0 || asks(c, 'extend')],
  ['deferral', 'defer', (c) => asks(c, 'defer')],
  ['suspension', 'suspend', (c) => asks(c, 'suspend')],
  ['return', 'return', (c) => asks(c, 'return')],
  ['check', 'send_check', (c) => !!c.checked_at],
  ['closing', '', (c) => !!c.closed_at],
];
const asks = (item: Case, kind: string): boolean => !!item.requests?.some((request) => request.kind === kind);

export function papersOf(cases: Case[], rows?: HistoryRow[]): string[] {
  if (!cases.length) return [];
  return PAPERS.filter(([, step, known]) => cases.every((item) => (step && rows && cases.length === 1 ? rows.some((row) => row.action === step) : known(item)))).map(([paper]) => paper);
}
export const printUrl = (paper: string, cases: Case[]): string => `/print/sheets?${new URLSearchParams({ sheet: paper, cases: cases.map((item) => item.case_no).join(',') })}`;
