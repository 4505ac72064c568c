// From a position to its cell, without a line: the cells of today's duty grids lie on the phone. Pure.
import { metresBetween } from '../core/pictures';

export interface Cell {
  grid: string;
  street: string;
  street_name?: string | null;
  community?: string | null;
  community_name?: string | null;
  ring: [number, number][];
}
export interface Fix {
  lon: number;
  lat: number;
  accuracy: number; // metres
  at: number; // the device's milliseconds
}
export const POOR = 100; // metres of inaccuracy from which on a place is doubted
export const FAR = 300; // metres outside the duty grids that say: not there

// Inside or on the border: a border belongs to both sides, and the lowest code answers, as in the dispatcher.
function holds(ring: [number, number][], lon: number, lat: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    const cross = (lon - ax) * (by - ay) - (lat - ay) * (bx - ax);
    if (Math.abs(cross) < 1e-12 && lon >= Math.min(ax, bx) && lon <= Math.max(ax, bx) && lat >= Math.min(ay, by) && lat <= Math.max(ay, by)) return true;
    if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
export function cellAt(cells: Cell[], lon: number, lat: number): Cell | undefined {
  let found: Cell | undefined;
  for (const cell of cells) if ((!found || cell.grid < found.grid) && holds(cell.ring, lon, lat)) found = cell;
  return found;
}

function metresToRing(ring: [number, number][], lon: number, lat: number): number {
  const east = Math.cos((lat * Math.PI) / 180);
  let least = Infinity;
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay, bx, by] = [(ring[i - 1][0] - lon) * east, ring[i - 1][1] - lat, (ring[i][0] - lon) * east, ring[i][1] - lat];
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    const [px, py] = [ax + along * dx, ay + along * dy];
    least = Math.min(least, metresBetween({ lon: 0, lat: 0 }, { lon: px, lat: py }));
  }
  return least;
}
export function nearest(cells: Cell[], lon: number, lat: number): { cell: Cell; metres: number } | undefined {
  let best: { cell: Cell; metres: number } | undefined;
  for (const cell of cells) {
    const metres = holds(cell.ring, lon, lat) ? 0 : metresToRing(cell.ring, lon, lat);
    if (!best || metres < best.metres || (metres === best.metres && cell.grid < best.cell.grid)) best = { cell, metres };
  }
  return best;
}

export const cellName = (cell: Cell): string => [cell.street_name, cell.community_name].filter(Boolean).join(' ');

// Where a report says it is. `by`: the position, or a cell that was picked by hand; then there is no place on the map, and a person at
// the center sets it (the manual queue).
export interface Place {
  by: 'gps' | 'cell' | 'none';
  cell?: Cell;
  fix?: Fix;
  away?: number; // metres outside the duty grids
}
export function placeOf(fix: Fix | undefined, cells: Cell[], picked?: Cell): Place {
  if (picked) return { by: 'cell', cell: picked, fix };
  if (!fix) return { by: 'none' };
  const cell = cellAt(cells, fix.lon, fix.lat);
  if (cell || !cells.length) return { by: 'gps', cell, fix };
  return { by: 'gps', fix, away: nearest(cells, fix.lon, fix.lat)!.metres };
}
