// Tables of the standing data as pages handle them: rows by column name, what differs from what stands, and a file to save.
export interface Table {
  name: string;
  columns: string[];
  rows: string[][];
}

export const at = (table: Table, column: string): number => table.columns.indexOf(column);
export const cell = (table: Table, row: string[], column: string): string => row[at(table, column)] ?? '';
export const emptyRow = (table: Table, values: Record<string, string> = {}): string[] => table.columns.map((column) => values[column] ?? '');
export const tableOf = (tables: readonly Table[], name: string): Table | undefined => tables.find((table) => table.name === name);
export const copyOf = (tables: readonly Table[]): Table[] => tables.map((table) => ({ ...table, columns: [...table.columns], rows: table.rows.map((row) => [...row]) }));

// How many rows are not as they stand: by their whole content, so that a moved row of an unordered table is no change.
export function touched(before: readonly Table[], now: readonly Table[]): number {
  let count = 0;
  for (const table of now) {
    const left = new Map<string, number>();
    for (const row of tableOf(before, table.name)?.rows ?? []) left.set(row.join('\u0000'), (left.get(row.join('\u0000')) ?? 0) + 1);
    for (const row of table.rows) {
      const key = row.join('\u0000');
      const n = left.get(key) ?? 0;
      if (n > 0) left.set(key, n - 1);
      else count += 1;
    }
    for (const n of left.values()) count += n;
  }
  return count;
}
export const same = (before: readonly Table[], now: readonly Table[]): boolean => JSON.stringify(before.map((t) => t.rows)) === JSON.stringify(now.map((t) => t.rows));

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
export const csvOf = (rows: string[][]): string => `\uFEFF${rows.map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
export function saveCsv(name: string, rows: string[][]): void {
  const url = URL.createObjectURL(new Blob([csvOf(rows)], { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
