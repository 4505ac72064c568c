// The pure parts of the month's pages: periods, changes, trees, scores, papers.
import { describe, expect, it } from 'vitest';
import { delta, figure, fileName, idsOf } from '../src/console/month/figures';
import { asked, monday, periodOf, periodWords, query, shifted } from '../src/console/month/period';
import { deducted, gave, weightOf, type Part } from '../src/console/month/scoring';
import { allParents, shownRows, sorted } from '../src/console/month/tree';
import { papersOf, printUrl } from '../src/console/papers';
import { setLang } from '../src/core/i18n';
import '../src/console/words';
import '../src/console/month/words';

const at = (text: string) => periodOf(new URLSearchParams(text), '2026-11-28');

describe('a period', () => {
  it.each([
    ['', 'month', '2026-11-01', '2026-11-30', '2026年11月'],
    ['month=2026-02', 'month', '2026-02-01', '2026-02-28', '2026年2月'],
    ['month=2028-02', 'month', '2028-02-01', '2028-02-29', '2028年2月'],
    ['period=quarter&month=2026-11', 'quarter', '2026-10-01', '2026-12-31', '2026年第4季度'],
    ['period=quarter&month=2026-01', 'quarter', '2026-01-01', '2026-03-31', '2026年第1季度'],
    ['period=year&month=2026-06', 'year', '2026-01-01', '2026-12-31', '2026年'],
    ['period=week&from=2026-11-29', 'week', '2026-11-23', '2026-11-29', '2026-11-23至2026-11-29'],
    ['period=day&from=2026-11-05', 'day', '2026-11-05', '2026-11-05', '2026-11-05'],
    ['from=2026-10-01&to=2026-10-07', 'range', '2026-10-01', '2026-10-07', '2026-10-01至2026-10-07'],
    ['from=2026-10-07&to=2026-10-01', 'month', '2026-10-01', '2026-10-31', '2026年10月'],
    ['month=2026-13&period=decade', 'month', '2026-11-01', '2026-11-30', '2026年11月'],
    ['from=2026-02-30&to=2026-03-01', 'month', '2026-11-01', '2026-11-30', '2026年11月'],
  ])('of "%s"', (text, kind, from, to, words) => {
    setLang('zh');
    const period = at(text);
    expect(period).toEqual({ kind, from, to });
    expect(periodWords(period)).toBe(words);
  });
  it('steps back and forth without leaving its kind', () => {
    for (const text of ['month=2026-01', 'period=quarter&month=2026-01', 'period=year&month=2026-01', 'period=week&from=2026-01-01', 'period=day&from=2026-01-01', 'from=2026-01-01&to=2026-01-10']) {
      const period = at(text);
      expect(shifted(shifted(period, -1), 1)).toEqual(period);
      expect(shifted(period, -1).to < period.from).toBe(true);
    }
    expect(shifted(at('from=2026-01-01&to=2026-01-10'), -1)).toEqual({ kind: 'range', from: '2025-12-22', to: '2025-12-31' });
    expect(monday('2026-11-30')).toBe('2026-11-30');
  });
  it('says the same to the address and to the API', () => {
    for (const text of ['month=2026-01', 'period=quarter&month=2026-01', 'period=week&from=2026-01-05', 'from=2026-01-01&to=2026-01-10']) expect(new URLSearchParams(query(at(text))).toString()).toBe(text.split('&').sort((a) => (a.startsWith('period') ? -1 : 1)).join('&'));
    expect(asked(at('month=2026-01'))).toEqual({ period: '', month: '2026-01', from: '', to: '' });
    expect(query(at('month=2026-01'), { by: 'unit', compare: '' })).toBe('month=2026-01&by=unit');
  });
});

describe('a change', () => {
  it.each([
    [5, 3, false, 'high', '▲', '+2', 'good'],
    [5, 3, false, 'low', '▲', '+2', 'bad'],
    [83.01, 84.21, true, 'high', '▼', '−1.20', 'bad'],
    [0.1 + 0.2, 0.3, true, 'high', '＝', '0.00', 'plain'],
    [5, 3, false, '', '▲', '+2', 'plain'],
    [0, 0, false, 'low', '＝', '0', 'plain'],
  ] as const)('from %d to %d', (now, before, rate, better, shape, text, tone) => {
    expect(delta(now, before, rate, better)).toMatchObject({ shape, text, tone });
  });
  it('is nothing where there is nothing to compare with', () => {
    expect(delta(null, 3, true)).toBeNull();
    expect(delta(3, undefined, true)).toBeNull();
    expect(figure(null, true)).toBe('–');
    expect(figure(96.6, true)).toBe('96.60');
  });
});

describe('a tree', () => {
  const rows = [
    { key: 'd', parent: null, level: 0 },
    { key: 's', parent: 'd', level: 1 },
    { key: 'c', parent: 's', level: 2 },
    { key: 't', parent: 'd', level: 1 },
  ];
  const keys = (open: string[]) => shownRows(rows, new Set(open)).map(({ row }) => row.key);
  it('opens level by level', () => {
    expect(keys([])).toEqual(['d']);
    expect(keys(['d'])).toEqual(['d', 's', 't']);
    expect(keys(['d', 's'])).toEqual(['d', 's', 'c', 't']);
    expect(keys(['s'])).toEqual(['d']);
    expect([...allParents(rows)]).toEqual(['d', 's']);
    expect(shownRows(rows, new Set(['d']))[1]).toMatchObject({ children: true, open: false, level: 1 });
  });
  it('survives a ring', () => expect(shownRows([{ key: 'a', parent: 'b' }, { key: 'b', parent: 'a' }], new Set(['a', 'b']))).toHaveLength(2));
  it('sorts with nothing last, whichever way', () => {
    const list = [{ name: 'b', n: null }, { name: 'a', n: 2 }, { name: 'c', n: 10 }];
    expect(sorted(list, 'n', true).map((row) => row.name)).toEqual(['c', 'a', 'b']);
    expect(sorted(list, 'n', false).map((row) => row.name)).toEqual(['a', 'c', 'b']);
    expect(sorted(list, '', false)).toBe(list);
  });
});

describe('a score', () => {
  const part = (points: number | null, weight: number): Part => ({ indicator: 'x', name: 'x', value: points, points, weight });
  it('is the sum of what its parts gave, of those that can be judged', () => {
    const parts = [part(100, 30), part(0, 50), part(100, 20)];
    expect(parts.map((one) => gave(one, parts))).toEqual([30, 0, 20]);
    const some = [part(80, 40), part(null, 60)];
    expect(weightOf(some)).toBe(40);
    expect(some.map((one) => gave(one, some))).toEqual([80, null]);
    expect(gave(part(null, 60), [part(null, 60)])).toBeNull();
  });
  it('loses by deductions, free ones and a most', () => {
    const d = (count: number | null, free: number, most: number | null) => deducted({ indicator: 'x', each: '0.20', free, most, count, cases: '' });
    expect([d(3, 0, null), d(3, 2, null), d(3, 5, null), d(100, 0, 5), d(null, 0, null)]).toEqual([0.6, 0.2, 0, 5, 0]);
  });
});

describe('names and papers', () => {
  it('take what file systems take', () => {
    expect(fileName('2026-10-01/07结案率_东城区:*?.xlsx')).toBe('2026-10-01_07结案率_东城区___.xlsx');
    expect(idsOf('archive_num / (need_archive_num - hang_num) × 100 %')).toEqual(['archive_num', 'need_archive_num', 'hang_num']);
  });
  it('are those the case has', () => {
    const item = { case_no: '1', state: 'closed', filed_at: 'x', dispatched_at: 'x', closed_at: 'x', requests: [{ kind: 'extend' }] } as any;
    expect(papersOf([item])).toEqual(['filing', 'dispatch', 'extension', 'closing']);
    expect(papersOf([item], [{ action: 'file' }, { action: 'suspend' }] as any)).toEqual(['filing', 'suspension', 'closing']);
    expect(papersOf([item, { case_no: '2', filed_at: 'x' } as any])).toEqual(['filing']);
    expect(papersOf([])).toEqual([]);
    expect(printUrl('filing', [item, { case_no: '2' } as any])).toBe('/print/sheets?sheet=filing&cases=1%2C2');
  });
});
