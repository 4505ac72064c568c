// Small facts of a case as people say them.
import type { Photo } from './types';

export const mediaIds = (photos?: Photo[] | null): string[] => (photos || []).map((p) => (typeof p === 'string' ? p : p?.media_id)).filter((id): id is string => Boolean(id));

// 3708712026112800005: the number of the day is what people say to each other.
export function numberParts(caseNo: unknown): [head: string, tail: string] {
  const text = String(caseNo ?? '');
  return text.length > 14 ? [text.slice(0, 14), text.slice(14)] : ['', text];
}

// A cleared place is no place: 0,0 and the like are said as such.
export function position(item: { lon?: number | null; lat?: number | null }): string {
  if (item.lon === null || item.lon === undefined || item.lat === null || item.lat === undefined) return '';
  return `${Number(item.lon).toFixed(6)}, ${Number(item.lat).toFixed(6)}`;
}
