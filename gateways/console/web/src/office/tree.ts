// Units as a tree, told line by line with its depth; a unit whose parents run in a ring stands at the top, so that nothing is hidden.
import { lang } from '../core/i18n';
import { type Table, cell } from './tables';

export interface Node {
  key: string;
  name: string;
  calendar: string;
  depth: number;
  squads: { key: string; name: string }[];
}

export function treeOf(units: Table, squads: Table): Node[] {
  const name = (table: Table, row: string[]) => cell(table, row, lang()) || cell(table, row, 'zh') || cell(table, row, 'key');
  const rows = new Map(units.rows.map((row) => [cell(units, row, 'key'), row]));
  const told = new Set<string>();
  const out: Node[] = [];
  const tell = (key: string, depth: number) => {
    const row = rows.get(key);
    if (!row || told.has(key)) return;
    told.add(key);
    const mine = squads.rows.filter((s) => cell(squads, s, 'unit') === key).map((s) => ({ key: cell(squads, s, 'key'), name: name(squads, s) }));
    out.push({ key, name: name(units, row), calendar: cell(units, row, 'calendar'), depth, squads: mine });
    for (const child of units.rows) if (cell(units, child, 'parent') === key) tell(cell(units, child, 'key'), depth + 1);
  };
  for (const [key, row] of rows) if (!rows.has(cell(units, row, 'parent'))) tell(key, 0);
  for (const key of rows.keys()) tell(key, 0);
  return out;
}
