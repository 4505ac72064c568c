// The keyboard. Nothing fires while somebody types, composes Chinese, or a dialog is open.
import { pause } from './live';
import { at, go, open } from './place';
import { VIEWS } from './views';

// Letter -> the steps it may begin, the first that is offered. The digits 1 to 9 begin the steps as they stand.
export const STEP_KEYS: Record<string, string[]> = {
  a: ['dispatch', 'accept', 'file', 'confirm', 'close'],
  b: ['return_filing', 'return', 'decline', 'decline_filing', 'reject_disposal', 'rework', 'refuse_return'],
  m: ['merge', 'unmerge'],
  u: ['urge', 'supervise', 'set_urgent'],
  h: ['suspend', 'defer', 'extend'],
  t: ['note'],
};
export const KEY_LIST: [keys: string, what: string][] = [
  ['j k ↑ ↓', 'k_move'],
  ['Enter o', 'k_open'],
  ['n', 'k_next'],
  ['1 – 9', 'k_act'],
  ['a b m u h t', 'k_letters'],
  ['Ctrl+Enter', 'k_send'],
  ['x', 'k_pick'],
  ['Shift+J Shift+K', 'k_extend'],
  ['z', 'k_undo'],
  ['Esc', 'k_back'],
  ['/', 'k_search'],
  ['Ctrl+K', 'k_palette'],
  ['.', 'k_fresh'],
  ['Alt+L', 'k_pause'],
  ['c', 'k_intake'],
  ['← →', 'k_photo'],
  ['g q – g t', 'k_views'],
  ['g h', 'k_handover'],
  ['g m', 'k_map'],
  ['v', 'map_beside'],
  ['f', 'k_fly'],
  ['?', 'k_help'],
];

interface ListPart {
  step(by: number, extend?: boolean): void;
  focusCurrent(): void;
  focusSearch(): void;
  open(): void;
  choose(): void;
  reload(): Promise<void>;
}
interface PagePart {
  act(index: number): boolean;
  actNamed(names: string[]): boolean;
  escape(): boolean;
}
export interface Desk {
  list(): ListPart | null;
  page(): PagePart | null;
  next(): { open(): boolean } | null;
  box(name: 'help' | 'palette'): void;
  intake(): void;
  undo(): void;
  map(how: 'beside' | 'fly'): void;
  ready(): boolean;
}

export function keyboard(desk: Desk): (event: KeyboardEvent) => void {
  let after = ''; // the g of "g q"
  return (event) => {
    if (event.isComposing || event.keyCode === 229 || !desk.ready() || document.querySelector('dialog[open]')) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      return desk.box('palette');
    }
    if (event.altKey && event.code === 'KeyL') {
      event.preventDefault();
      return pause();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const typing = /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === 'INPUT' && !['checkbox', 'radio'].includes((target as HTMLInputElement).type));
    const [list, page] = [desk.list(), desk.page()];
    if (event.key === 'Escape') {
      if (typing) target.blur();
      else if (page?.escape()) return;
      else if (at.value.get('case')) {
        go({ case: '' });
        list?.focusCurrent();
      }
      return;
    }
    if (typing) return;
    const prefix = after;
    after = '';
    if (prefix === 'g') {
      if (event.key === 'q') open('/?');
      if (event.key === 'm') open('/?view=map');
      if (event.key === 't') open('/?view=closure');
      if (event.key === 'h') open('/?view=handover');
      if (event.key === 'm' && VIEWS.some((view) => view.id === 'map')) open('/?view=map');
      return;
    }
    if (act(event, desk, list, page)) event.preventDefault();
    else if (event.key === 'g') after = 'g';
  };
}

// Says whether the key was ours.
function act(event: KeyboardEvent, desk: Desk, list: ListPart | null, page: PagePart | null): boolean {
  const target = event.target as HTMLElement;
  if (event.key === '?') return (desk.box('help'), true);
  if (event.key === 'c') return (desk.intake(), true);
  if (event.key === 'z') return (desk.undo(), true);
  if (!list) return false;
  const inCase = Boolean(target.closest('.case-page'));
  const acts: Record<string, () => void> = {
    j: () => list.step(1),
    J: () => list.step(1, true),
    k: () => list.step(-1),
    K: () => list.step(-1, true),
    x: () => list.choose(),
    v: () => desk.map('beside'),
    f: () => desk.map('fly'),
    o: () => list.open(),
    '.': () => void list.reload(),
    '/': () => list.focusSearch(),
    n: () => desk.next()?.open(),
    ...(inCase ? {} : { ArrowDown: () => list.step(1), ArrowUp: () => list.step(-1) }),
  };
  if (acts[event.key]) return (acts[event.key](), true);
  if (/^[1-9]$/.test(event.key)) return page?.act(Number(event.key) - 1) ?? false;
  if (STEP_KEYS[event.key]) return page?.actNamed(STEP_KEYS[event.key]) ?? false;
  if (event.key === 'Enter' && target === document.body) return (list.open(), true);
  return false;
}

