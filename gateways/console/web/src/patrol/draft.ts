// The report that is being filled in: kept on the shelf at every change, photos too, so that a reload or a session that ends loses nothing.
import { computed, reactive, shallowRef, watch } from 'vue';
import { keep, kept } from '../core/shelf';
import { me } from '../ui/session';
import type { Cell } from './place';
import type { Shot } from './report';

interface Kept {
  category: string;
  condition: string;
  description: string;
  self: boolean;
  cell: Cell | null;
  shots: Shot[];
}
const EMPTY = { category: '', condition: '', description: '', self: false, cell: null as Cell | null };
export const draft = reactive({ ...EMPTY });
export const shots = shallowRef<Shot[]>([]);
const key = () => `draft.${me.value?.district}/${me.value?.name}`;
let saving: ReturnType<typeof setTimeout> | undefined;
const save = () => keep(key(), { ...draft, cell: draft.cell && JSON.parse(JSON.stringify(draft.cell)), shots: shots.value.map((shot) => ({ ...shot })) });

export const isEmpty = computed(() => !shots.value.length && !draft.category && !draft.description);
export function clearDraft(): void {
  Object.assign(draft, EMPTY);
  shots.value = [];
}
export function fill(from: Partial<Kept>): void {
  const { shots: pictures, ...rest } = from;
  Object.assign(draft, EMPTY, rest);
  shots.value = pictures ?? [];
}
export async function openDraft(): Promise<void> {
  const known = await kept<Kept>(key());
  if (known && isEmpty.value) fill(known);
  watch([draft, shots], () => {
    clearTimeout(saving);
    saving = setTimeout(() => void save(), 50);
  });
}
