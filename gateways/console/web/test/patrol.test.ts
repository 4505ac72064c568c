// The patrol page's pure parts: places and cells, categories, bodies, marks, and uploads over a server that breaks on purpose.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutboxItem } from '../src/core/outbox';
import type { CatalogueEntry } from '../src/core/types';
import { metadata, resumable } from '../src/core/uploads';
import { markLines } from '../src/patrol/mark';
import { type Cell, cellAt, nearest, placeOf } from '../src/patrol/place';
import { type Shot, bodyOf, keyOf, missing, momentOf, suggest, wireOf } from '../src/patrol/report';
import { lacking } from '../src/patrol/points';
import '../src/patrol/words';

const square = (grid: string, west: number): Cell => ({ grid, street: 's', street_name: '洸河街道', community_name: '金色兰庭社区', ring: [[west, 35.4], [west + 0.01, 35.4], [west + 0.01, 35.41], [west, 35.41], [west, 35.4]] });
const cells = [square('002', 116.61), square('001', 116.6)];
const fix = (lon: number, lat: number, accuracy = 10) => ({ lon, lat, accuracy, at: 0 });

describe('a place', () => {
  it('lies in the cell that holds it; a border belongs to both and the lowest code answers', () => {
    expect(cellAt(cells, 116.605, 35.405)?.grid).toBe('001');
    expect(cellAt(cells, 116.615, 35.405)?.grid).toBe('002');
    expect(cellAt(cells, 116.61, 35.405)?.grid).toBe('001');
    expect(cellAt(cells, 116.61, 35.41)?.grid).toBe('001');
    expect(cellAt(cells, 116.63, 35.405)).toBeUndefined();
  });
  it('outside every cell is told by its distance', () => {
    const { cell, metres } = nearest(cells, 116.615, 35.437)!;
    expect(cell.grid).toBe('002');
    expect(metres).toBeGreaterThan(2950);
    expect(metres).toBeLessThan(3050);
    expect(placeOf(fix(116.615, 35.437), cells)).toMatchObject({ by: 'gps', away: metres });
  });
  it('is by the position, by a picked cell, or none', () => {
    expect(placeOf(undefined, cells).by).toBe('none');
    expect(placeOf(fix(116.605, 35.405), cells).cell?.grid).toBe('001');
    expect(placeOf(fix(116.605, 35.405), cells, cells[0])).toMatchObject({ by: 'cell', cell: { grid: '002' } });
    expect(placeOf(fix(1, 1), []).away).toBeUndefined(); // no cells on the phone: nothing can be said
  });
});

const entry = (code: string, zh: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({ standard: 'g', kind: 'matter', code, zh, en: zh, ...more });
const all = new Map([entry('01001', '井盖缺失'), entry('06010', '暴露垃圾'), entry('06011', '积存垃圾渣土'), entry('09001', '老目录', { valid_to: '2020-01-01' })].map((e) => [keyOf(e), e]));

describe('categories', () => {
  const names = (typed: string, recent: string[] = []) => suggest(typed, all, recent).map((e) => e.zh);
  it('are found by initials, words and code, recent ones first, withdrawn ones never', () => {
    expect(names('jgqs')).toEqual(['井盖缺失']);
    expect(names('lj')).toEqual(['暴露垃圾', '积存垃圾渣土']);
    expect(names('lj', ['g/matter/06011'])).toEqual(['积存垃圾渣土', '暴露垃圾']);
    expect(names('0601')).toEqual(['暴露垃圾', '积存垃圾渣土']);
    expect(names('', ['g/matter/06010', 'g/matter/gone'])).toEqual(['暴露垃圾']);
    expect(names('lml')).toEqual([]);
  });
});

describe('a report', () => {
  const one = [...all.values()][0];
  const shot = (role: Shot['role']): Shot => ({ key: 1, file: new Blob(), at: 0, taken: 'camera', role });
  const item = (input: object, photos: OutboxItem['photos']) => ({ input, photos }) as unknown as OutboxItem;
  it('says what is missing', () => {
    const here = placeOf(fix(116.605, 35.405), cells);
    expect(missing([], one, here, false)).toBe('need_photo');
    expect(missing([shot('problem')], undefined, here, false)).toBe('need_category');
    expect(missing([shot('problem')], one, placeOf(undefined, cells), false)).toBe('need_place');
    expect(missing([shot('problem')], one, here, true)).toBe('need_after');
    expect(missing([shot('problem'), shot('after')], one, here, true)).toBe('');
    expect(missing([shot('problem')], { ...one, photos_least: 2 }, here, false)).toBe('need_photo');
  });
  it('with a picked cell goes to the manual queue: no place on the map, the cell in words', () => {
    const body = bodyOf(one, '1', '移位', placeOf(undefined, cells, cells[1]), false);
    expect(body).toMatchObject({ source: 'patrol', lon: 0, lat: 0, condition: '1' });
    expect(body.address).toContain('001');
    expect(bodyOf(one, '', '移位', placeOf(fix(116.605, 35.405), cells), false)).toMatchObject({ lon: 116.605, lat: 35.405 });
  });
  it('goes out without what is the phone’s own, its photos by what they show', () => {
    const photos = [{ id: 'a', role: 'problem' }, { id: 'b', role: 'after' }, { role: 'problem' }];
    expect(wireOf(item({ source: 'patrol', device_ms: 1 }, photos))).toEqual({ source: 'patrol', photos: ['a', 'b'] });
    expect(wireOf(item({ source: 'patrol', self_disposed: true }, photos))).toEqual({ source: 'patrol', photos: ['a'], self_disposed: { before: ['a'], after: ['b'] } });
  });
  it('happened on the server’s clock, never later than now', () => {
    const now = Date.parse('2026-11-28T08:00:00Z');
    expect(momentOf(now - 60000 + 300000, -300000, now)).toBe('2026-11-28T07:59:00.000Z'); // a phone five minutes fast
    expect(momentOf(now + 86400000, 0, now)).toBe('2026-11-28T08:00:00.000Z');
  });
});

it('a mark says when, where, who, about what, and names its original', () => {
  const lines = markLines({ at: Date.parse('2026-11-28T01:02:03Z'), grid: '001', area: '洸河街道', where: '116.60000, 35.40000', who: '赵监督', about: '新上报', gallery: true, hash: 'ab'.repeat(32) });
  expect(lines[0]).toBe('2026-11-28 09:02:03 · 相册');
  expect(lines[1]).toContain('001 洸河街道');
  expect(lines.at(-1)).toContain('abababababababab');
});

// A tus server in memory: `lose` answers that many pieces get lost on the way back.
class Tus {
  bytes: number[] = [];
  length = 0;
  metadata = '';
  calls: string[] = [];
  lose = 0;
  forget = false;
  answer(status: number, headers: Record<string, string> = {}) {
    return new Response(status === 204 ? null : '{}', { status, headers });
  }
  fetch = async (_url: string, { method, headers, body }: { method: string; headers: Record<string, string>; body?: Blob }) => {
    this.calls.push(method);
    if (method === 'POST') {
      [this.length, this.metadata, this.bytes] = [Number(headers['Upload-Length']), headers['Upload-Metadata'], []];
      this.forget = false;
      return this.answer(201, { Location: '/u/1' });
    }
    if (this.forget) return this.answer(404);
    if (method === 'HEAD') return this.answer(200, { 'Upload-Offset': String(this.bytes.length), 'Upload-Length': String(this.length) });
    if (Number(headers['Upload-Offset']) !== this.bytes.length) return this.answer(409, { 'Upload-Offset': String(this.bytes.length) });
    this.bytes.push(...new Uint8Array(await body!.arrayBuffer()));
    if (this.lose-- > 0) throw new TypeError('line');
    return this.answer(204, { 'Upload-Offset': String(this.bytes.length), ...(this.bytes.length === this.length ? { 'Media-Id': 'sha256-x' } : {}) });
  };
}

describe('an upload', () => {
  const file = new Blob([Uint8Array.from({ length: 25 }, (_, n) => n)], { type: 'image/jpeg' });
  const store = new Map<string, string>();
  const tus = () => {
    const server = new Tus();
    vi.stubGlobal('fetch', server.fetch);
    vi.stubGlobal('sessionStorage', { getItem: () => null });
    vi.stubGlobal('localStorage', { getItem: (k: string) => store.get(k) ?? null, setItem: (k: string, v: string) => store.set(k, v), removeItem: (k: string) => store.delete(k) });
    return server;
  };
  afterEach(() => {
    vi.unstubAllGlobals();
    store.clear();
  });
  it('goes up in pieces and says what it is', async () => {
    const server = tus();
    expect(await resumable(file, { taken: 'camera' }, 'k', 10)).toEqual({ media_id: 'sha256-x' });
    expect(server.bytes).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(server.calls).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
    expect(metadata(file, { taken: 'camera' })).toBe(`filetype ${btoa('image/jpeg')},taken ${btoa('camera')}`);
    expect([...store.keys()]).toEqual([]);
  });
  it('goes on where it stopped, also when only the answer was lost', async () => {
    const server = tus();
    server.lose = 1;
    await expect(resumable(file, {}, 'k', 10)).rejects.toMatchObject({ status: 0 });
    expect(await resumable(file, {}, 'k', 10)).toEqual({ media_id: 'sha256-x' });
    expect(server.bytes.length).toBe(25);
    expect(server.calls).toEqual(['POST', 'PATCH', 'HEAD', 'PATCH', 'PATCH']);
  });
  it('begins anew where the server knows it no longer', async () => {
    const server = tus();
    server.lose = 1;
    await expect(resumable(file, {}, 'k', 10)).rejects.toMatchObject({ status: 0 });
    server.forget = true;
    expect(await resumable(file, {}, 'k', 10)).toEqual({ media_id: 'sha256-x' });
    expect(server.calls.filter((one) => one === 'POST').length).toBe(2);
  });
});

describe('a visit to a point', () => {
  it('shows a picture, or says why nobody could get there', () => {
    expect(lacking('', 1, '')).toBe('need_result');
    expect(lacking('clean', 0, '')).toBe('need_photo');
    expect(lacking('found', 1, '')).toBe('');
    expect(lacking('unable', 0, ' ')).toBe('need_why');
    expect(lacking('unable', 0, '围挡')).toBe('');
  });
});
