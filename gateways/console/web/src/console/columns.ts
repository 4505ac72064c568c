// Which columns the queue shows: in the URL like its filters, so that a saved view keeps them. Light, number, problem and time always stand.
import { computed } from 'vue';
import { at, go } from './place';

const ORDER = ['light', 'case', 'what', 'where', 'grid', 'state', 'who', 'source', 'opened', 'due', 'left'];
const USUAL = ['where', 'state', 'who', 'due'];
export const CHOICE = ['where', 'grid', 'state', 'who', 'source', 'opened', 'due'];

const wanted = computed(() => at.value.get('cols')?.split('.') ?? USUAL);
export const columns = computed(() => ORDER.filter((column) => !CHOICE.includes(column) || wanted.value.includes(column)));
export const shown = computed(() => new Set(columns.value));

export function toggle(column: string): void {
  const now = CHOICE.filter((one) => shown.value.has(one) !== (one === column));
  go({ cols: now.join('.') === USUAL.join('.') ? '' : now.join('.') || 'none' }, { replace: true });
}
