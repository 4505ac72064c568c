// Live events (SSE) read with fetch, because EventSource cannot say who we are. Reconnects by itself and resumes after the last event
// that had an id.
import { BASE, Problem, headers } from './api';

export interface StreamHandlers {
  event?(name: string, data: any): void;
  up?(): void;
  down?(): void;
  fatal?(problem: Problem): void; // signed out, or not ours to hear
}

const WAITS = [500, 1000, 2000, 5000, 10000];

export interface ServerEvent {
  name: string;
  data: string;
  id?: string;
}

// Every whole event of the text, and what is left over. A comment (the heartbeat) is no event.
export function takeEvents(text: string): { events: ServerEvent[]; rest: string } {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events: ServerEvent[] = [];
  for (const block of blocks) {
    let name = 'message';
    let id: string | undefined;
    const data: string[] = [];
    for (const line of block.split('\n')) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      else if (line.startsWith('id:')) id = line.slice(3).trim();
      else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
    }
    if (data.length) events.push({ name, data: data.join('\n'), id });
  }
  return { events, rest };
}

export class LiveStream {
  private stopped = false;
  private abort: AbortController | null = null;
  private last = '';

  // silence: heartbeats come every 15 s; three missed mean the line is dead.
  constructor(
    private readonly path: string,
    private readonly on: StreamHandlers,
    private readonly silence = 45000,
  ) {
    globalThis.addEventListener?.('pagehide', this.leave);
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    globalThis.removeEventListener?.('pagehide', this.leave);
    this.leave();
  }

  // A page the browser keeps for "back" would go on holding one of the few connections a host gets: after some pages the next waits for
  // a heartbeat to free one. Shown again, it reconnects.
  private readonly leave = (): void => this.abort?.abort();

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped; ) {
      try {
        await this.once(() => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof Problem && [401, 403].includes(error.status)) {
          this.on.fatal?.(error);
          if (error.status === 403) return; // a session that ended may be signed in again, over the page
        }
      }
      if (this.stopped) return;
      this.on.down?.();
      await new Promise((wake) => setTimeout(wake, WAITS[Math.min(failures, WAITS.length - 1)]));
      failures += 1;
    }
  }

  private async once(connected: () => void): Promise<void> {
    const abort = (this.abort = new AbortController());
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), this.silence);
    };
    alive();
    try {
      const extra: Record<string, string> = { Accept: 'text/event-stream' };
      if (this.last) extra['Last-Event-ID'] = this.last;
      const response = await fetch(`${BASE}/${this.path}`, { headers: headers(extra), signal: abort.signal, cache: 'no-store' });
      if (!response.ok || !response.body) throw new Problem(response.status);
      connected();
      this.on.up?.();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        const taken = takeEvents(rest + decoder.decode(value, { stream: true }));
        rest = taken.rest;
        for (const event of taken.events) this.hand(event);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  private hand(event: ServerEvent): void {
    if (event.id) this.last = event.id;
    let data = null;
    try {
      data = JSON.parse(event.data);
    } catch {
      data = null;
    }
    this.on.event?.(event.name, data);
  }
}
