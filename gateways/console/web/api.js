// Talking to the API: token, calls, commands that may be repeated safely, media, and live streams read with fetch
// (EventSource cannot send a token), files to save. Nothing here draws on the page.
import { acceptLanguage } from './i18n.js';

const BASE = '/api/v1';
const TOKEN = 'wangge.token';
let clockSkew = 0; // server time minus ours, so that countdowns run on the server's clock

export const token = () => sessionStorage.getItem(TOKEN) || '';
export const setToken = (value) => (value ? sessionStorage.setItem(TOKEN, value) : sessionStorage.removeItem(TOKEN));
export const serverNow = () => Date.now() + clockSkew;

// What went wrong, in a form the pages can show: status 0 means no answer came at all.
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || body?.code || String(status));
    this.status = status;
    this.code = body?.code || '';
    this.body = body || {};
    this.errors = body?.errors || [];
  }
}

function headers(extra) {
  const all = { Accept: 'application/json', 'Accept-Language': acceptLanguage(), ...extra };
  if (token()) all.Authorization = `Bearer ${token()}`;
  return all;
}

async function answer(response) {
  const date = Date.parse(response.headers.get('Date') || '');
  if (date && Math.abs(date - Date.now()) > 2000) clockSkew = date - Date.now();
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (!response.ok) throw new Problem(response.status, body);
  return body;
}

async function call(method, path, { body, type, signal, wait = 15000 } = {}) {
  const timer = new AbortController();
  const clock = setTimeout(() => timer.abort(), wait);
  signal?.addEventListener('abort', () => timer.abort());
  try {
    const init = { method, headers: headers(type ? { 'Content-Type': type } : {}), body, signal: timer.signal, cache: 'no-store' };
    return await answer(await fetch(path.startsWith('/') ? path : `${BASE}/${path}`, init));
  } catch (error) {
    if (error instanceof Problem || signal?.aborted) throw error;
    throw new Problem(0, { code: 'no_answer', title: '' });
  } finally {
    clearTimeout(clock);
  }
}

export const get = (path, options) => call('GET', path, options);
export const post = (path, value, options) => call('POST', path, { body: JSON.stringify(value), type: 'application/json', ...options });

// A whole list, page by page: master data, a timeline, one's tasks. A list without end is cut where no person would read on.
const PAGES_MOST = 50;
export async function getAll(path) {
  const items = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const answer = await get(`${path}?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...answer.items);
    cursor = answer.next_cursor;
    if (!cursor) break;
  }
  return items;
}

// crypto.randomUUID exists only on https and localhost; squads may reach us by plain http inside the office.
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// One action as the user means it. While its outcome is unknown (no answer, 503, 504) the same body goes out again
// under the same command_id, so that it is never done twice; any clear answer ends that id.
export class CommandSender {
  #pending = null;

  async send(caseNo, action, version, input) {
    const body = { version, ...input };
    const print = JSON.stringify([caseNo, action, body]);
    const id = this.#pending?.print === print ? this.#pending.id : uuid();
    try {
      const after = await post(`cases/${encodeURIComponent(caseNo)}/actions/${encodeURIComponent(action)}`, { command_id: id, ...body });
      this.#pending = null;
      return after;
    } catch (error) {
      this.#pending = [0, 503, 504].includes(error.status) ? { print, id } : null;
      throw error;
    }
  }
}

export async function uploadMedia(file) {
  return call('POST', 'media', { body: file, type: file.type || 'application/octet-stream', wait: 120000 });
}

export async function mediaBlob(mediaId) {
  const response = await fetch(`${BASE}/media/${encodeURIComponent(mediaId)}`, { headers: headers({ Accept: '*/*' }) });
  if (!response.ok) throw new Problem(response.status, null);
  return response.blob();
}

// Saves an answer as a file under a name of ours: a plain link could not carry the token.
export async function download(path, name) {
  const response = await fetch(`${BASE}/${path}`, { headers: headers({ Accept: '*/*' }), cache: 'no-store' }).catch(() => {
    throw new Problem(0, { code: 'no_answer' });
  });
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000); // the browser reads it after the click returns
}

// Reads text/event-stream by fetch and reconnects by itself. on = {event(name, data), up(), down(), fatal(problem)}.
export class LiveStream {
  #stopped = false;
  #abort = null;

  constructor(path, on, silence = 45000) {
    this.path = path;
    this.on = on;
    this.silence = silence; // heartbeats come every 15 s: three missed mean the line is dead
    this.#run();
  }

  stop() {
    this.#stopped = true;
    this.#abort?.abort();
  }

  async #run() {
    for (let failures = 0; !this.#stopped;) {
      try {
        await this.#once(() => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof Problem && [401, 403].includes(error.status)) {
          this.on.fatal?.(error);
          return;
        }
      }
      if (this.#stopped) return;
      this.on.down?.();
      await new Promise((wake) => setTimeout(wake, [500, 1000, 2000, 5000, 10000][Math.min(failures, 4)]));
      failures += 1;
    }
  }

  async #once(connected) {
    this.#abort = new AbortController();
    let watchdog;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => this.#abort.abort(), this.silence);
    };
    alive();
    try {
      const response = await fetch(`${BASE}/${this.path}`, {
        headers: headers({ Accept: 'text/event-stream' }),
        signal: this.#abort.signal,
        cache: 'no-store',
      });
      if (!response.ok) throw new Problem(response.status, null);
      connected();
      this.on.up?.();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        rest = this.#take(rest + value);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  // Hands out every whole event and returns what is left over.
  #take(text) {
    const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
    const rest = blocks.pop();
    for (const block of blocks) {
      let name = 'message';
      const data = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
      }
      if (!data.length) continue; // a comment: the heartbeat
      let value = null;
      try {
        value = JSON.parse(data.join('\n'));
      } catch {
        value = null;
      }
      this.on.event?.(name, value);
    }
    return rest;
  }
}
