// Rows of a table that is a tree: which are shown when some are open, in the server's order (a row stands behind the one above it).
export interface TreeRow {
  key?: string | null;
  parent?: string | null;
  level?: number;
}
export interface Shown<R> {
  row: R;
  level: number;
  children: boolean;
  open: boolean;
}
export function shownRows<R extends TreeRow>(rows: R[], open: ReadonlySet<string>): Shown<R>[] {
  const known = new Map(rows.map((row) => [String(row.key), row]));
  const parents = new Set(rows.map((row) => row.parent).filter((key): key is string => !!key));
  const visible = (row: R): boolean => {
    for (let above = row.parent, steps = 0; above && known.has(above) && steps < 32; above = known.get(above)!.parent, steps += 1) if (!open.has(above)) return false;
    return true;
  };
  return rows.filter(visible).map((row) => ({ row, level: row.level ?? 0, children: parents.has(String(row.key)), open: open.has(String(row.key)) }));
}
export const isTree = (by: string): boolean => by.endsWith('_tree');
// Everything that has something below it.
export const allParents = (rows: TreeRow[]): Set<string> => new Set(rows.map((row) => row.parent).filter((key): key is string => !!key));

// Sorted by a column, rows without a figure last; a tree stays as it is.
export function sorted<R extends Record<string, any>>(rows: R[], by: string, down: boolean): R[] {
  if (!by) return rows;
  const of = (row: R) => (by === 'name' ? String(row.name ?? row.key ?? '') : row[by]);
  return [...rows].sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
    if (y === null || y === undefined) return -1;
    const order = typeof x === 'string' ? x.localeCompare(y, 'zh-CN') : x - y;
    return down ? -order : order;
  });
}
