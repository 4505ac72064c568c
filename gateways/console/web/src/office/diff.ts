// Two states of a row (as the database kept them) as what differs, field by field; inner objects by their path.
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
