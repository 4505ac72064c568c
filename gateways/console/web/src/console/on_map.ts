// What list and map tell each other: the case that is pointed at, and the way to fly somewhere.
import { computed, ref } from 'vue';
import type { Case } from '../core/types';
import type { Spot } from '../map/port';
import { currentCase, list, rows } from './queue';

export const hot = ref(''); // the case the mouse is over, in the list or on the map
export const wantsFly = ref(0); // rises when somebody wants to see the case he stands on

const placed = (item?: Case): item is Case & { lon: number; lat: number } => Boolean(item && !item.place_unusable && item.lon != null && item.lat != null);
const rowOf = (no: string) => rows.value.find((row) => row.case_no === no);
const spot = (item: Case & { lon: number; lat: number }, ring: Spot['ring']): Spot => ({ lon: item.lon, lat: item.lat, light: item.light, ring });

// Rings on the map: the open case (or the row the keyboard stands on), and what the mouse is over.
export const rings = computed<Spot[]>(() => {
  const open = list.opened ? rowOf(list.opened) : currentCase.value;
  const over = hot.value && hot.value !== open?.case_no ? rowOf(hot.value) : undefined;
  return [...(placed(open) ? [spot(open, 'open')] : []), ...(placed(over) ? [spot(over, 'hot')] : [])];
});
export const standsOn = computed<Spot | null>(() => {
  const open = list.opened ? rowOf(list.opened) : currentCase.value;
  return placed(open) ? spot(open, 'open') : null;
});
// Rows of the list whose place lies in a box.
export const within = (west: number, south: number, east: number, north: number): string[] =>
  rows.value.filter((row) => placed(row) && row.lon! >= west && row.lon! <= east && row.lat! >= south && row.lat! <= north).map((row) => row.case_no);

// The row under the mouse, by its place in the document: one listener for the list however long it is.
export function over(event: Event): void {
  hot.value = (event.target as HTMLElement).closest<HTMLElement>('tr[data-case]')?.dataset.case ?? '';
}
