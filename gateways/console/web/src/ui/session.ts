// Who is signed in on this page, what it tells in passing, and whether the line to the program lives.
import { computed, reactive, ref } from 'vue';
import { Problem, asProblem, del, get, getAll, serverNow, setToken, signedInAs, token, touch } from '../core/api';
import { t } from '../core/i18n';
import { MasterData } from '../core/master';
import { span } from '../core/times';
import type { Me } from '../core/types';
import { now } from './now';

export const me = ref<Me | null>(null);
export const master = new MasterData();
export const session = reactive({ state: 'asking' as 'asking' | 'signed_out' | 'unfinished' | 'loading' | 'ready' | 'failed', again: false, byToken: false, why: '', problem: null as unknown });

// ---- the line: up, and since when the data is as old as it is

export const line = reactive({ up: false, lastGood: 0, grace: 20000 });
export function good(): void {
  line.lastGood = serverNow();
  now.value = serverNow();
}
export const staleness = computed(() => {
  const age = now.value - line.lastGood;
  return line.up || !line.lastGood || age < line.grace ? '' : t('offline_age', { age: span(age) });
});

// ---- a word in passing, with one thing that can still be done about it

export interface Toast {
  text: string;
  action?: { title: string; key: string; run(): void };
}
export const toasted = ref<Toast | null>(null);
let toastTimer: ReturnType<typeof setTimeout> | undefined;
export function toast(text: string, action?: Toast['action']): void {
  toasted.value = { text, action };
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toasted.value = null;
  }, action ? 8000 : 6000);
}

// ---- signing in and out

// The session ended. What is on the page stays: signing in again happens over it. Nobody was in yet: the door stands open.
export function signedOut(): void {
  session.byToken = !!token() || session.byToken;
  session.why = session.byToken ? 'token_bad' : '';
  setToken('');
  if (session.state === 'ready') session.again = true;
  else session.state = 'signed_out';
}

// What every failed read does first; the place that failed says the rest.
export function fail(error: unknown): void {
  if (error instanceof Problem && error.status === 401) signedOut();
}

export async function signOut(): Promise<void> {
  if (!token()) await del('session').catch(() => {}); // the server ends it by itself, later
  setToken('');
  await shelf?.keep('me', null);
  location.reload();
}

// Somebody proved who he is. The same person goes on where he was; another one begins anew.
export async function signedIn(who: Me): Promise<void> {
  session.why = '';
  if (!session.again) return enter(who);
  if (who.name !== me.value?.name || who.role !== me.value.role || who.must?.length) return location.reload();
  signedInAs(who);
  me.value = who;
  session.again = false;
}

// After a duty of the first sign-in: the server says what is left.
export const again = async (): Promise<void> => enter(await get<Me>('me'));

// A phone's shelf (core/shelf.ts): with it a page starts without a line, as the person it knew last.
export interface Shelf {
  keep(key: string, value: unknown): Promise<void>;
  kept<T>(key: string): Promise<T | undefined>;
}
let shelf: Shelf | null = null;
type Master = [units: any[], squads: any[], catalogue: any[]];

export async function enter(who: Me): Promise<void> {
  me.value = who;
  signedInAs(who);
  if (who.must?.length) {
    session.state = 'unfinished';
    return;
  }
  void shelf?.keep('me', who);
  session.state = 'loading';
  await loadMaster();
  session.state = 'ready';
}

// Names for the codes; a page without them still works, with codes.
async function loadMaster(): Promise<void> {
  let whole = true;
  const part = (path: string) =>
    getAll(path).catch((error) => {
      fail(error);
      whole = false;
      return [];
    });
  let names: Master = await Promise.all([part('units'), part('squads'), part('catalogue')]);
  if (whole) void shelf?.keep('names', names);
  else names = (await shelf?.kept<Master>('names')) ?? names;
  master.load(...names);
}

export async function start(offline?: Shelf): Promise<void> {
  shelf = offline ?? null;
  for (const deed of ['pointerdown', 'keydown']) addEventListener(deed, touch, { capture: true, passive: true });
  try {
    const who = await get<Me>('me');
    await enter(who);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      if (token()) return signedOut();
      session.state = 'signed_out';
      return;
    }
    const known = asProblem(error).status === 0 ? await shelf?.kept<Me>('me') : undefined;
    if (known) return enter(known);
    session.problem = error;
    session.state = 'failed';
  }
}
