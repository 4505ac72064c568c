// What the pages beside the desk say the same way.
import { at } from '../console/place';
import { serverNow } from '../core/api';
import { lang, nameOf, t } from '../core/i18n';
import { master } from '../ui/session';
import { type Moment, span, when } from '../core/times';

export const arg = (name: string): string => at.value.get(name) ?? '';
// "2026-11-30 18:00（还剩 2天）": a day by which something is due, and how long that is.
export function until(value: Moment): string {
  if (!value) return '–';
  const left = new Date(value).getTime() - serverNow();
  return `${when(value)} ${t(left >= 0 ? 'left' : 'over', { t: span(left) })}`;
}
// What a code of the catalogue is called: a whole class ("06"), or one category of it.
export function codeWords(code: string): string {
  for (const entry of master.categories.values()) {
    if (entry.class?.code === code) return entry.class[lang()] || entry.class.zh || code;
    if (entry.code === code) return nameOf(entry);
  }
  return code;
}
export const both = (pair?: { zh?: string; en?: string; name?: string } | null): string => (pair ? (pair[lang()] ?? pair.name ?? pair.zh ?? '') : '');
export const query = (values: Record<string, string | undefined>): string => new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString();
