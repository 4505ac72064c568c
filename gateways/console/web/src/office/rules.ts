// A row of routes.csv as the API's rule: empty columns ask nothing.
import type { Table } from './tables';

export function ruleOf(table: Table, row: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {};
  table.columns.forEach((column, index) => {
    if (row[index]) out[column] = row[index];
  });
  return out;
}
