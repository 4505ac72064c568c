// Keeps the console as new as the city: hints of changed cases, counts, and looking by ourselves where the line is down.
import { ref } from 'vue';
import { get, serverNow } from '../core/api';
import { LiveStream } from '../core/stream';
import type { Counts } from '../core/types';
import { fail, good, line } from '../ui/session';
import { lookAround, present, seen } from './presence';
import * as queue from './queue';
import { announce } from './sound';

export const counts = ref<Counts>();
export const paused = ref(false); // Alt+L: the reader wants quiet
export const changedCase = ref<{ no: string; n: number }>({ no: '', n: 0 }); // the open case looks again when it is named; '' names all

// Counting walks over every open case of the scope: at most one walk in COUNT_GAP, and always one after the last change.
const COUNT_GAP = 3000;
let counted = 0;
let countLater: ReturnType<typeof setTimeout> | undefined;
function countSoon(): void {
  countLater ??= setTimeout(
    () => {
      countLater = undefined;
      void count();
    },
    Math.max(0, counted + COUNT_GAP - Date.now()),
  );
}
export async function count(): Promise<void> {
  counted = Date.now();
  try {
    const before = counts.value?.escalated_count ?? 0;
    const red = counts.value?.light?.red;
    counts.value = await get<Counts>('cases/counts');
    if ((counts.value.escalated_count ?? 0) > before) announce('note_undelivered');
    else if (red !== undefined && (counts.value.light?.red ?? 0) > red) announce('note_red', { n: (counts.value.light?.red ?? 0) - red });
  } catch (error) {
    fail(error); // tabs without counts are still tabs; the list itself tells what is wrong
  }
}

// A burst of hints is one look, and a city that never stops hinting still gets one often enough that a change is seen within a second.
const SOON = 200,
  GAP = 700;
let timer: ReturnType<typeof setTimeout> | undefined;
let looking = false;
let lastLook = 0;
let named = new Set<string>();

export function renew(caseNo = ''): void {
  named.add(caseNo);
  if (timer || looking || paused.value) return;
  timer = setTimeout(() => void lookNow(), Math.max(SOON, lastLook + GAP - Date.now()));
}

async function lookNow(): Promise<void> {
  timer = undefined;
  if (paused.value) return; // what was named waits with the rest
  const changed = named;
  looking = true;
  named = new Set();
  countSoon();
  const open = queue.list.opened;
  if (open && (changed.has('') || changed.has(open))) changedCase.value = { no: open, n: changedCase.value.n + 1 };
  await queue.renew(changed);
  looking = false;
  lastLook = Date.now();
  if (named.size) renew([...named][0]);
}

export function pause(on = !paused.value): void {
  paused.value = on;
  if (!on) renew();
}

export function live(): void {
  present();
  new LiveStream('stream', {
    event: (name, data) => (name === 'presence' ? seen(data) : renew(data?.case_no)),
    up: () => {
      line.up = true;
      good();
      renew();
      void lookAround();
    },
    down: () => {
      line.up = false;
    },
    fatal: (error) => fail(error),
  });
  // Without the line we look ourselves every 10 s; with it once a minute, because hints may get lost.
  let beats = 0;
  setInterval(() => {
    beats += 1;
    if (!line.up || beats % 6 === 0) renew();
    if (line.up) line.lastGood = serverNow();
  }, 10000);
}
