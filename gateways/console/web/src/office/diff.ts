// Two states of a row (as the database kept them) as what differs, field by field; inner objects by their path.
import { CLOCKS, LEVELS, SOURCES, type Words } from '../core/codes';
import { t, word } from '../core/i18n';

export interface FieldChange {
  name: string;
  was: string;
  is: string;
}

function leaves(value: unknown, path = '', out = new Map<string, string>()): Map<string, string> {
  if (value && typeof value === 'object' && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${name}` : name, out);
  } else if (value !== null && value !== undefined && value !== '' && path) {
    out.set(path, Array.isArray(value) ? value.join(' ') : String(value));
  }
  return out;
}

const UNSEEN = ['seq', 'line']; // where a row stands in its table is no content of it
export function changesOf(was: object | null, is: object | null): FieldChange[] {
  const [a, b] = [leaves(was), leaves(is)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => !UNSEEN.includes(name) && a.get(name) !== b.get(name))
    .map((name) => ({ name, was: a.get(name) ?? '', is: b.get(name) ?? '' }));
}

// ---- values as people read them

const CODES: Record<string, Words> = { level: LEVELS, clock: CLOCKS, source: SOURCES };
const KINDS: Record<string, string> = { matter: 'o_matter', component: 'o_component' };
const MINUTES = ['from_minute', 'to_minute'];
const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
// What the database keeps (a mask of weekdays, minutes of the day, pairs of minutes) as the tables have it.
export function valueWords(name: string, value: string): string {
  const field = name.split('.').at(-1)!;
  if (!value) return '';
  if (field === 'weekdays') return [1, 2, 3, 4, 5, 6, 7].filter((day) => (Number(value) >> (day - 1)) & 1).join('');
  if (MINUTES.includes(field)) return clock(Number(value));
  if (field === 'sessions') {
    const at = value.split(' ').map(Number);
    return at.flatMap((from, n) => (n % 2 ? [] : [`${clock(from)}-${clock(at[n + 1])}`])).join(';');
  }
  if (field === 'kind' && KINDS[value]) return t(KINDS[value]);
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'o_yes' : 'o_no');
  return CODES[field] ? word(CODES[field], value) : value;
}
// Of a row that comes or goes, what says nothing is not told: every day, the whole day.
export const saysNothing = (f: FieldChange): boolean => ['weekdays:127', 'from_minute:0', 'to_minute:1440'].includes(`${f.name}:${f.was || f.is}`);
