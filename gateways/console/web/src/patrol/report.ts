// A report as it is filled in, and as it goes out. Pure.
import type { OutboxItem } from '../core/outbox';
import { matches } from '../core/pinyin';
import type { CatalogueEntry, CategoryKey } from '../core/types';
import type { Fix, Place } from './place';
import { cellName } from './place';

export interface Shot {
  key: number;
  file: Blob; // the original
  at: number; // when it was taken, on the server's clock as far as it is known
  fix?: Fix;
  taken: 'camera' | 'gallery';
  role: 'problem' | 'after';
}
export const PHOTOS_MOST = 9;

export const keyOf = (entry: CategoryKey): string => [entry.standard, entry.kind, entry.code].join('/');

// Categories that what was typed names (words, code or initials of pinyin), recent ones first; without a word only the recent ones.
export function suggest(typed: string, entries: Map<string, CatalogueEntry>, recent: string[], most = 8, now = Date.now()): CatalogueEntry[] {
  const usable = (entry?: CatalogueEntry): entry is CatalogueEntry => Boolean(entry) && !(entry!.valid_to && Date.parse(entry!.valid_to) < now);
  const first = recent.map((key) => entries.get(key)).filter(usable);
  if (!typed.trim()) return first.slice(0, most);
  const wanted = typed.trim().toLowerCase();
  const fits = (entry: CatalogueEntry) => entry.code.startsWith(wanted) || matches(wanted, entry.zh ?? '') || (entry.en ?? '').toLowerCase().includes(wanted);
  const rank = (entry: CatalogueEntry) => (first.includes(entry) ? 0 : (entry.zh ?? '').startsWith(wanted) ? 1 : 2);
  return [...entries.values()]
    .filter((entry) => usable(entry) && fits(entry))
    .map((entry, index) => ({ entry, index, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, most)
    .map((one) => one.entry);
}

// The body, without what is only known when it goes out: the photos' ids and the moment on the server's clock.
export function bodyOf(entry: CatalogueEntry, condition: string, description: string, place: Place, self: boolean): Record<string, unknown> {
  const named = place.cell ? [cellName(place.cell), place.cell.grid].filter(Boolean).join(' ') : '';
  // A picked cell is no place on the map: 0,0 goes to the manual queue, where a person sets it by what the address says.
  const spot = place.by === 'gps' ? { lon: place.fix!.lon, lat: place.fix!.lat } : { lon: 0, lat: 0 };
  const address = place.by === 'gps' ? named : `人工选定网格：${named || '未选定'}`;
  return {
    source: 'patrol',
    category: { standard: entry.standard, kind: entry.kind, code: entry.code },
    ...(condition ? { condition } : {}),
    description,
    ...spot,
    ...(address ? { address: [...address].slice(0, 200).join('') } : {}),
    ...(self ? { self_disposed: true } : {}),
  };
}

// What goes out for an item of the outbox, the photos being up.
export function wireOf(item: OutboxItem): Record<string, unknown> {
  const { self_disposed: self, device_ms: _, ...body } = item.input as Record<string, any>;
  const ids = (role?: string) => item.photos.filter((p) => p.id && (role === undefined || (p.role === 'after') === (role === 'after'))).map((p) => p.id!);
  if (!self) return { ...body, photos: ids() };
  return { ...body, photos: ids('problem'), self_disposed: { before: ids('problem'), after: ids('after') } };
}

// When it happened, on the server's clock: the phone's own, moved by what is known of it, and never later than now.
export const momentOf = (deviceMs: number, skew: number, serverNow: number): string => new Date(Math.min(deviceMs + skew, serverNow)).toISOString();

// What is missing before it can be sent, as a key of words; '' = nothing.
export function missing(shots: Shot[], entry: CatalogueEntry | undefined, place: Place, self: boolean): string {
  const problem = shots.filter((s) => s.role === 'problem').length;
  if (problem < Math.max(1, entry?.photos_least ?? 1)) return 'need_photo';
  if (self && !shots.some((s) => s.role === 'after')) return 'need_after';
  if (!entry) return 'need_category';
  if (place.by === 'none') return 'need_place';
  return '';
}
