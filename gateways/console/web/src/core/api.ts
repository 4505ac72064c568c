// Talking to the API: who we are, calls, commands that may be repeated safely, media, files to save. Nothing here draws on the page.
import { acceptLanguage } from './i18n';
import { sending } from './sending';
import { recall, remember } from './storage';
import type { Case, Me, Page } from './types';

export const BASE = '/api/v1';
const TOKEN = 'wangge.token';
let clockSkew = 0; // server time minus ours, so that countdowns run on the server's clock

const tab = (): Storage => sessionStorage;
export const token = (): string => recall(TOKEN, tab());
export const setToken = (value: string): void => remember(TOKEN, value, tab());
export const serverNow = (): number => Date.now() + clockSkew;

export interface Fault {
  field?: string;
  code?: string;
}

// What went wrong, in a form the pages can show: status 0 means no answer came at all.
export class Problem extends Error {
  readonly code: string;
  readonly errors: Fault[];
  constructor(
    readonly status: number,
    readonly body: { code?: string; title?: string; detail?: string; errors?: Fault[] } = {},
  ) {
    super(body?.detail || body?.title || body?.code || String(status));
    this.body = body ?? {};
    this.code = this.body.code || '';
    this.errors = this.body.errors || [];
  }
}
export const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, { code: 'no_answer', detail: String(error) }));

// Who asks: a bearer token of this tab, or the session whose cookie goes by itself; with it goes the CSRF word that came with signing in.
// Nothing else on the pages knows how we are signed in.
let csrf = '';
let as = ''; // the person that word belongs to
const person = (who: Me): string => [who.district, who.name, who.role].join(' ');
export function signedInAs(who: Me | null): void {
  csrf = who?.csrf ?? '';
  as = who ? person(who) : '';
}
// A look without a person at the page (live lists do it all day) keeps no session open.
const IDLE = 60000;
let touched = Date.now();
export const touch = (): void => void (touched = Date.now());
export function credentials(): Record<string, string> {
  if (token()) return { Authorization: `Bearer ${token()}` };
  return { ...(csrf ? { 'X-CSRF-Token': csrf } : {}), ...(Date.now() - touched > IDLE ? { 'X-Quiet': '1' } : {}) };
}

export function headers(extra: Record<string, string> = {}): Record<string, string> {
  return { Accept: 'application/json', 'Accept-Language': acceptLanguage(), ...credentials(), ...extra };
}

async function answer(response: Response): Promise<any> {
  const date = Date.parse(response.headers.get('Date') || '');
  if (date && Math.abs(date - Date.now()) > 2000) clockSkew = date - Date.now();
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (!response.ok) throw new Problem(response.status, body ?? {});
  return body;
}

interface CallOptions {
  body?: BodyInit;
  type?: string;
  extra?: Record<string, string>;
  signal?: AbortSignal;
  wait?: number; // milliseconds until we stop waiting
}

export async function call(method: string, path: string, { body, type, extra, signal, wait = 15000 }: CallOptions = {}): Promise<any> {
  const timer = new AbortController();
  const clock = setTimeout(() => timer.abort(), wait);
  signal?.addEventListener('abort', () => timer.abort());
  try {
    const ask = async (how: string, where: string, what?: BodyInit) =>
      answer(await fetch(where, { method: how, headers: headers({ ...(type && what ? { 'Content-Type': type } : {}), ...extra }), body: what, signal: timer.signal, cache: 'no-store' }));
    const where = path.startsWith('/') ? path : `${BASE}/${path}`;
    try {
      return await ask(method, where, body);
    } catch (error) {
      // The same person signed in anew in another tab: the new word is fetched. Another person's is not ours to use.
      if (!(error instanceof Problem) || error.code !== 'csrf') throw error;
      const who: Me = await ask('GET', `${BASE}/me`);
      if (person(who) !== as) throw new Problem(401);
      signedInAs(who);
      return await ask(method, where, body);
    }
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error;
    throw new Problem(0, { code: 'no_answer', title: '' });
  } finally {
    clearTimeout(clock);
  }
}

export const get = <T = any>(path: string, options?: CallOptions): Promise<T> => call('GET', path, options);
export const del = <T = any>(path: string): Promise<T> => call('DELETE', path);
export const post = <T = any>(path: string, value: unknown, options?: CallOptions): Promise<T> =>
  call('POST', path, { body: JSON.stringify(value), type: 'application/json', ...options });

// A whole list, page by page: master data, a timeline, one's tasks. A list without end is cut where no person would read on.
const PAGES_MOST = 50;
export async function getAll<T = any>(path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const part = await get<Page<T>>(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...part.items);
    cursor = part.next_cursor ?? '';
    if (!cursor) break;
  }
  return items;
}

// crypto.randomUUID exists only on https and localhost; squads may reach us by plain http inside the office.
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const casePath = (caseNo: string): string => `cases/${encodeURIComponent(caseNo)}`;
export const UNKNOWN = [0, 503, 504]; // the outcome is not known: the same command_id must be asked again

export const sendCommand = (caseNo: string, action: string, commandId: string, version: number, input: object): Promise<Case> =>
  post(`${casePath(caseNo)}/actions/${encodeURIComponent(action)}`, { command_id: commandId, version, ...input });

// One action as the user means it. While its outcome is unknown (no answer, 503, 504) the same body goes out again under the same
// command_id, so that it is never done twice; any clear answer ends that id.
export class CommandSender {
  private pending: { print: string; id: string } | null = null;

  // The id of what went out and got no answer.
  get unanswered(): string | undefined {
    return this.pending?.id;
  }

  async send(caseNo: string, action: string, version: number, input: object): Promise<Case> {
    const print = JSON.stringify([caseNo, action, version, input]);
    const id = this.pending?.print === print ? this.pending.id : uuid();
    sending.set(caseNo, action);
    try {
      const after = await sendCommand(caseNo, action, id, version, input);
      this.pending = null;
      return after;
    } catch (error) {
      this.pending = UNKNOWN.includes(asProblem(error).status) ? { print, id } : null;
      throw error;
    } finally {
      sending.delete(caseNo);
    }
  }
}


export async function mediaBlob(mediaId: string): Promise<Blob> {
  const response = await fetch(`${BASE}/media/${encodeURIComponent(mediaId)}`, { headers: headers({ Accept: '*/*' }) });
  if (!response.ok) throw new Problem(response.status);
  return response.blob();
}

// Saves an answer as a file under a name of ours: a plain link could not carry the token.
export async function download(path: string, name: string, body?: Blob): Promise<void> {
  const init = { method: body ? 'POST' : 'GET', headers: headers({ Accept: '*/*', ...(body ? { 'Content-Type': body.type || 'application/octet-stream' } : {}) }), body };
  const response = await fetch(`${BASE}/${path}`, { ...init, cache: 'no-store' }).catch(() => {
    throw new Problem(0, { code: 'no_answer' });
  });
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000); // the browser reads it after the click returns
}
