// What the pages beside the desk say the same way.
import { at } from '../console/place';
import { serverNow } from '../core/api';
import { lang, t } from '../core/i18n';
import { type Moment, span, when } from '../core/times';

export const arg = (name: string): string => at.value.get(name) ?? '';
// "2026-11-30 18:00（还剩 2天）": a day by which something is due, and how long that is.
export function until(value: Moment): string {
  if (!value) return '–';
  const left = new Date(value).getTime() - serverNow();
  return `${when(value)} ${t(left >= 0 ? 'left' : 'over', { t: span(left) })}`;
}
export const both = (pair?: { zh?: string; en?: string; name?: string } | null): string => (pair ? (pair[lang()] ?? pair.name ?? pair.zh ?? '') : '');
export const query = (values: Record<string, string | undefined>): string => new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString();
