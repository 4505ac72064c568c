import gcoord from 'gcoord';
import { describe, expect, it } from 'vitest';
import { setLang } from '../src/core/i18n';
import { gcj02, mapLinks } from '../src/core/navigate';
import { metresBetween } from '../src/core/pictures';
import { initials, matches } from '../src/core/pinyin';
import { inOrder, isNeeded } from '../src/core/steps';
import { takeEvents } from '../src/core/stream';
import { numberParts } from '../src/core/timeline';
import { isOver, leftText, limitText, pressing, span, when } from '../src/core/times';

setLang('zh');

describe('pinyin', () => {
  it.each([
    ['井盖缺失', 'jgqs'],
    ['暴露垃圾', 'bllj'],
    ['路灯', 'ld'],
    ['非法小广告', 'ffxgg'],
    ['占道经营', 'zdjy'],
    ['污水 A3 井盖', 'wsa3jg'],
  ])('%s is %s', (words, letters) => expect(initials(words)).toBe(letters));
  it('finds by words, code and initials, and by nothing else', () => {
    expect(matches('JGQS', '雨水井盖缺失')).toBe(true);
    expect(matches('01003', '01003 雨水井盖异常')).toBe(true);
    expect(matches('垃圾', '暴露垃圾')).toBe(true);
    expect(matches('xyz', '暴露垃圾')).toBe(false);
    expect(matches('', '任何')).toBe(true);
  });
});

describe('live events', () => {
  it('come whole, with their id, and leave what has not come yet', () => {
    const { events, rest } = takeEvents('id: 7\nevent: task\ndata: {"a":1}\n\n: heartbeat\n\ndata: x\r\ndata: y\r\n\r\nevent: ha');
    expect(events).toEqual([
      { name: 'task', id: '7', data: '{"a":1}' },
      { name: 'message', id: undefined, data: 'x\ny' },
    ]);
    expect(rest).toBe('event: ha');
  });
});

describe('places', () => {
  it('are handed over in GCJ-02, some hundred metres away', () => {
    for (const [lon, lat] of [
      [116.404, 39.915],
      [116.62, 35.43],
      [87.6, 43.8],
      [121.47, 31.23],
      [108.95, 18.25],
    ]) {
      const [east, north] = gcj02(lon, lat);
      const theirs = gcoord.transform([lon, lat], gcoord.WGS84, gcoord.GCJ02) as [number, number];
      expect(metresBetween({ lon: east, lat: north }, { lon: theirs[0], lat: theirs[1] })).toBeLessThan(0.01);
      const apart = metresBetween({ lon, lat }, { lon: east, lat: north });
      expect(apart).toBeGreaterThan(100);
      expect(apart).toBeLessThan(800);
    }
    expect(gcj02(2.35, 48.85)).toEqual([2.35, 48.85]); // not in China
  });
  it('name no other host than map apps', () => {
    expect(mapLinks({ lon: 116.6, lat: 35.4, name: 'a&b' }).map((link) => new URL(link.url).host)).toEqual(['uri.amap.com', 'api.map.baidu.com', 'apis.map.qq.com']);
  });
});

describe('times', () => {
  const from = (minutes: number) => new Date(Date.now() + minutes * 60000).toISOString();
  it('are said in the district\'s zone', () => expect(when('2026-11-24T01:12:00Z')).toBe('2026-11-24 09:12'));
  it('are said as spans', () => {
    expect(span(133 * 60000)).toBe('2小时13分');
    expect(span(-30000)).toBe('不足1分');
    expect(span(26 * 3600000)).toBe('1天2小时');
    expect(limitText(960, 'work_day')).toBe('2 个工作日');
  });
  it('count the clock that runs', () => {
    expect(leftText({ state: 'disposing', stage: 'disposal', due_at: from(-133.5) })).toBe('超时 2小时13分');
    expect(leftText({ state: 'checking', stage: 'check', due_at: from(-10), handed_over_at: from(-20), late: false })).toBe('按期反馈');
    expect(leftText({ state: 'suspended', stage: 'disposal', due_at: from(10) })).toBe('暂停计时');
    expect(leftText({ state: 'closed', stage: 'evaluation', due_at: from(10) })).toBe('');
    expect(isOver({ state: 'suspended', due_at: from(-10) })).toBe(false);
    expect(isOver({ state: 'pending_file', stage_due_at: from(-1) })).toBe(true);
    expect(pressing({})).toBe(Infinity);
  });
});

describe('steps', () => {
  it('go on first and end with the remark', () => {
    const names = inOrder(['note', 'hand_back', 'dispose'].map((name) => ({ name }))).map((a) => a.name);
    expect(names).toEqual(['dispose', 'hand_back', 'note']);
  });
  it('need a field where another one says so', () => {
    const reason = { name: 'reason', required_when: 'result=unable' };
    expect(isNeeded(reason, { result: 'unable' })).toBe(true);
    expect(isNeeded(reason, { result: 'pass' })).toBe(false);
    expect(isNeeded(reason, {})).toBe(false);
  });
  it('have numbers that people say', () => expect(numberParts('3708712026112800005')).toEqual(['37087120261128', '00005']));
});
