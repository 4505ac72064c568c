// A score taken apart again: what each part gave, so that a person can follow it with a pencil.
export interface Part {
  indicator: string;
  name: string;
  value: number | null;
  points: number | null;
  weight: number;
  counts?: Record<string, { count: number; cases: string }>;
}
export interface Deduction {
  indicator: string;
  each: string | number;
  free: number;
  most: number | null;
  count: number | null;
  cases: string;
}
// Parts without a value carry no weight; the others share the whole.
export const weightOf = (parts: Part[]): number => parts.reduce((sum, part) => sum + (part.points === null ? 0 : part.weight), 0);
export function gave(part: Part, parts: Part[]): number | null {
  const whole = weightOf(parts);
  return part.points === null || !whole ? null : Math.round((part.points * part.weight * 100) / whole) / 100;
}
export function deducted(d: Deduction): number {
  const all = Math.max(0, (d.count ?? 0) - d.free) * Number(d.each);
  return Math.round((d.most === null ? all : Math.min(all, d.most)) * 100) / 100;
}
// The grade's shape beside its letter: told apart without colour.
export const GRADE_SHAPE: Record<string, string> = { A: '●', B: '◐', C: '○', D: '△', E: '✕' };
