// What supervision and management reckon without a page: rosters, months, diffs, drafts, the ladder, faults in words.
import { describe, expect, it } from 'vitest';
import { setLang } from '../src/core/i18n';
import { addDays, dayOf, daysOf, sessionsOn, setDay, shiftMonth, weekdayOf, weeksOf } from '../src/office/calendar';
import { changesOf, saysNothing, valueWords } from '../src/office/diff';
import { byCase } from '../src/office/escalations';
import { faultWords } from '../src/office/faults';
import { giveDay, holds, leave, linesOn, placesOf, swap, without } from '../src/office/roster';
import { ruleOf } from '../src/office/rules';
import { type Table, csvOf, same, touched } from '../src/office/tables';
import { treeOf } from '../src/office/tree';
import { OFFICE_TITLES } from '../src/console/words_office';
import { OFFICE_WORDS } from '../src/office/words';

const duty = (...rows: string[][]): Table => ({ name: 'duty', columns: ['patroller', 'unit', 'street', 'community', 'grid', 'duty_grid', 'from_day', 'to_day', 'weekdays', 'from', 'to'], rows });
const line = (who: string, place: string, from = '', to = '', weekdays = '') => [who, 'u', '', '', '', place, from, to, weekdays, '06:00', '14:00'];
const covered = (table: Table, place: string, days: string[]) => days.map((day) => linesOn(table, day, place).map((l) => l.patroller).sort().join('+'));

describe('a roster', () => {
  it('holds by its dates and weekdays', () => {
    const table = duty(line('a', 'g1', '2026-12-01', '2026-12-10', '67'));
    expect(holds(table, table.rows[0], '2026-12-05')).toBe(true); // a Saturday
    expect(holds(table, table.rows[0], '2026-12-07')).toBe(false);
    expect(holds(table, table.rows[0], '2026-12-12')).toBe(false);
    expect(placesOf(duty(line('a', 'g2'), line('b', 'g1'), line('c', 'g1')))).toEqual(['g1', 'g2']);
  });
  it('loses only the days that are cut out of a line', () => {
    const table = duty(line('a', 'g1'));
    expect(without(table, table.rows[0], '2026-12-05', '2026-12-06').map((row) => [row[6], row[7]])).toEqual([['', '2026-12-04'], ['2026-12-07', '']]);
    const short = duty(line('a', 'g1', '2026-12-05', '2026-12-06'));
    expect(without(short, short.rows[0], '2026-12-01', '2026-12-31')).toEqual([]);
    expect(without(short, short.rows[0], '2026-12-07', '2026-12-31')).toEqual([short.rows[0]]);
  });
  it('gives one day to another person and leaves the others as they were', () => {
    const table = duty(line('a', 'g1', '2026-12-01', '2026-12-31'));
    giveDay(table, table.rows[0], '2026-12-10', 'b');
    expect(covered(table, 'g1', ['2026-12-09', '2026-12-10', '2026-12-11'])).toEqual(['a', 'b', 'a']);
    giveDay(table, table.rows.find((row) => row[0] === 'b')!, '2026-12-10', '');
    expect(covered(table, 'g1', ['2026-12-09', '2026-12-10', '2026-12-11'])).toEqual(['a', '', 'a']);
  });
  it('swaps two persons for a day, both ways back to where it was', () => {
    const table = duty(line('a', 'g1'), line('b', 'g2'));
    expect(swap(table, 'a', 'b', '2026-12-10')).toBe(2);
    expect(covered(table, 'g1', ['2026-12-09', '2026-12-10'])).toEqual(['a', 'b']);
    expect(covered(table, 'g2', ['2026-12-10'])).toEqual(['a']);
    swap(table, 'a', 'b', '2026-12-10');
    expect(covered(table, 'g1', ['2026-12-10'])).toEqual(['a']);
    expect(swap(table, 'a', 'b', '1999-01-01') + swap(duty(), 'a', 'b', '2026-12-10')).toBe(2);
  });
  it('keeps weekdays while somebody stands in, and nobody where nobody does', () => {
    const table = duty(line('a', 'g1', '', '', '12345'));
    expect(leave(table, 'a', '2026-12-04', '2026-12-07', 'b')).toBe(1); // Friday to Monday
    expect(covered(table, 'g1', ['2026-12-03', '2026-12-04', '2026-12-05', '2026-12-07', '2026-12-08'])).toEqual(['a', 'b', '', 'b', 'a']);
    expect(leave(table, 'nobody', '2026-12-04', '2026-12-07', '')).toBe(0);
    leave(table, 'a', '2026-12-08', '2026-12-08', '');
    expect(covered(table, 'g1', ['2026-12-08', '2026-12-09'])).toEqual(['', 'a']);
  });
  it('never covers a day twice that it covered once, whatever is cut', () => {
    for (let seed = 1; seed < 60; seed += 1) {
      const table = duty(line('a', 'g1'), line('b', 'g2'));
      for (let n = 0; n < 6; n += 1) {
        const day = addDays('2026-12-01', (seed * 7 + n * 5) % 20);
        if (n % 2) swap(table, 'a', 'b', day);
        else leave(table, n % 4 ? 'a' : 'b', day, addDays(day, seed % 3), 'c');
      }
      for (const place of ['g1', 'g2']) for (let n = 0; n < 25; n += 1) expect(linesOn(table, addDays('2026-12-01', n), place), `${seed}`).toHaveLength(1);
    }
  });
});

describe('a calendar', () => {
  const days = (...rows: string[][]): Table => ({ name: 'calendar_days', columns: ['calendar', 'day', 'works', 'note'], rows });
  it('has whole weeks from Monday', () => {
    const weeks = weeksOf('2026-10');
    expect(weeks[0][0]).toBe('2026-09-28');
    expect(weeks.at(-1)!.at(-1)).toBe('2026-11-01');
    expect(daysOf('2028-02')).toHaveLength(29);
    expect([weekdayOf('2026-10-04'), weekdayOf('2026-10-05')]).toEqual([7, 1]);
    expect([shiftMonth('2026-01', -1), shiftMonth('2026-12', 1)]).toEqual(['2025-12', '2027-01']);
  });
  it('says of a day what its row says, else what the weekday says', () => {
    const table = days(['*', '2026-10-01', 'no', '国庆'], ['center', '2026-10-10', 'yes', '调休']);
    expect(dayOf(table, 'center', '2026-10-01', '2026-10')).toMatchObject({ works: false, note: '国庆', noted: true });
    expect(dayOf(table, 'center', '2026-10-10', '2026-10').works).toBe(true);
    expect(dayOf(table, 'early', '2026-10-10', '2026-10')).toMatchObject({ works: false, noted: false });
  });
  it('keeps no row for what the weekday says, unless another calendar’s row would speak', () => {
    const table = days();
    setDay(table, 'center', '2026-10-08', false, '');
    expect(table.rows).toEqual([['center', '2026-10-08', 'no', '']]);
    setDay(table, 'center', '2026-10-08', true, '');
    expect(table.rows).toEqual([]);
    const all = days(['*', '2026-10-01', 'no', '国庆']);
    setDay(all, 'center', '2026-10-01', true, '');
    expect(dayOf(all, 'center', '2026-10-01', '2026-10').works).toBe(true);
    expect(dayOf(all, 'early', '2026-10-01', '2026-10').works).toBe(false);
  });
  it('works by the season that began last', () => {
    const calendars = { name: 'calendars', columns: ['key', 'sessions'], rows: [['center', '08:00-12:00']] };
    const seasons = { name: 'calendar_seasons', columns: ['calendar', 'first', 'sessions'], rows: [['center', '2026-06-01', '07:00-11:00'], ['center', '2026-10-01', '09:00-12:00']] };
    expect(['2026-05-31', '2026-06-01', '2026-12-01'].map((day) => sessionsOn(calendars, seasons, 'center', day))).toEqual(['08:00-12:00', '07:00-11:00', '09:00-12:00']);
  });
});

describe('a draft', () => {
  const one = (rows: string[][]): Table[] => [{ name: 't', columns: ['a', 'b'], rows }];
  it('counts rows that are not as they stand', () => {
    expect(touched(one([['1', 'x'], ['2', 'y']]), one([['2', 'y'], ['1', 'x']]))).toBe(0);
    expect(same(one([['1', 'x'], ['2', 'y']]), one([['2', 'y'], ['1', 'x']]))).toBe(false); // order is content of ordered rules
    expect(touched(one([['1', 'x']]), one([['1', 'z'], ['3', '']]))).toBe(3);
    expect(touched(one([['1', 'x'], ['1', 'x']]), one([['1', 'x']]))).toBe(1);
  });
  it('is saved so that it reads back', () => expect(csvOf([['a,b', 'c"d', 'e']])).toBe('\uFEFF"a,b","c""d",e\r\n'));
  it('sends a rule without what it does not ask', () => expect(ruleOf({ name: 'routes', columns: ['id', 'grid', 'unit'], rows: [] }, ['r1', '', 'a'])).toEqual({ id: 'r1', unit: 'a' }));
  it('tells a change field by field, inner ones by their path, never where a row stands', () => {
    const was = { seq: 1, zh: '甲', conditions: { 1: { minutes: 240, clock: 'work_hour' } }, grids: ['a', 'b'], note: '' };
    const is = { seq: 2, zh: '甲', conditions: { 1: { minutes: 480, clock: 'work_hour' } }, grids: ['a'], note: null };
    expect(changesOf(was, is)).toEqual([{ name: 'conditions.1.minutes', was: '240', is: '480' }, { name: 'grids', was: 'a b', is: 'a' }]);
    expect(changesOf(null, { zh: '甲' })).toEqual([{ name: 'zh', was: '', is: '甲' }]);
  });
});

describe('a value of the diff', () => {
  it('reads as the tables have it', () => {
    setLang('zh');
    expect([['weekdays', '31'], ['from_minute', '390'], ['sessions', '480 720 840 1080'], ['conditions.1.clock', 'work_hour'], ['works', 'false'], ['zh', '甲']].map(([name, value]) => valueWords(name, value))).toEqual(['12345', '06:30', '08:00-12:00;14:00-18:00', valueWords('clock', 'work_hour'), '否', '甲']);
    expect(saysNothing({ name: 'weekdays', was: '', is: '127' })).toBe(true);
    expect(saysNothing({ name: 'weekdays', was: '', is: '31' })).toBe(false);
  });
});

describe('the rest', () => {
  it('tells a case once, the longest waiting first, with its last rung', () => {
    const rung = (case_no: string, step: string, fired_at: string) => ({ case_no, step, fired_at, clock: 'disposal', told: 'leader' });
    const rows = byCase([rung('2', 'warn', '2026-11-02T08:00:00Z'), rung('1', 'shift', '2026-11-03T08:00:00Z'), rung('1', 'warn', '2026-11-01T08:00:00Z')]);
    expect(rows.map((row) => [row.case_no, row.step, row.rungs.length])).toEqual([['1', 'shift', 2], ['2', 'warn', 1]]);
  });
  it('draws units below their parents and hides none in a ring', () => {
    const units = { name: 'units', columns: ['key', 'zh', 'en', 'calendar', 'parent'], rows: [['b', '乙', 'B', '', 'a'], ['a', '甲', 'A', '', ''], ['c', '丙', 'C', '', 'd'], ['d', '丁', 'D', '', 'c']] };
    const squads = { name: 'squads', columns: ['key', 'unit', 'zh', 'en'], rows: [['b1', 'b', '乙一', 'B1']] };
    expect(treeOf(units, squads).map((node) => [node.key, node.depth, node.squads.length])).toEqual([['a', 0, 0], ['b', 1, 1], ['c', 0, 0], ['d', 1, 0]]);
  });
  it('says faults of the readers in Chinese, and what it does not know as it is', () => {
    setLang('zh');
    expect(faultWords('no unit gone')).toBe('没有部门 gone');
    expect(faultWords('"25:00" is no time of day like 06:30')).toBe('“25:00”不是时刻（写作 06:30）');
    expect(faultWords('something new')).toBe('something new');
    setLang('en');
    expect(faultWords('is empty')).toBe('is empty');
    setLang('zh');
  });
  it('has every word in both languages', () => {
    const places = (words: string) => [...words.matchAll(/{(\w+)}/g)].map((m) => m[1]).sort();
    for (const [key, [zh, en]] of Object.entries({ ...OFFICE_TITLES, ...OFFICE_WORDS })) {
      expect(zh && en, key).toBeTruthy();
      expect(places(zh), key).toEqual(places(en));
    }
  });
});
