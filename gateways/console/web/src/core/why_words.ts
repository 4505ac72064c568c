// Words of the reasons (why this squad, why this deadline), [Chinese, English]: fetched with what shows them.
import { addWords } from './i18n';

export const WHY_WORDS: Record<string, readonly [string, string]> = {
  why_none: ['尚未派遣，没有派遣依据。', 'Not dispatched yet.'],
  why_clock_none: ['尚未开始计时。', 'No clock has started.'],
  tried: ['依次查找的规则', 'Rules in the order they were tried'],
  route_to: ['{level} → {who}', '{level} → {who}'],
  r_no_component: ['未关联部件', 'no component given'],
  r_no_rule: ['没有规则', 'no rule'],
  r_hit: ['命中 {rule} → {who}', 'rule {rule} → {who}'],
  r_named: ['{by} 指定 {who}', '{by} named {who}'],
  r_gone: ['规则 {rule} 所指的部门或中队不存在', 'rule {rule} names a unit or squad that is not there'],
  r_absent: ['规则 {rule} 所指的部门此时无人可派', 'rule {rule} names a unit of which nobody is there now'],
  r_disagree: ['规则 {a} 与 {b} 不一致，由人工决定', 'rules {a} and {b} disagree: a person decides'],
  d_limit: ['时限', 'Limit'],
  d_clock: ['计时方式', 'Clock'],
  d_calendar: ['工作日历', 'Calendar'],
  d_from: ['起算', 'Runs from'],
  d_start_left: ['起算时剩余', 'Left then'],
  d_due: ['处置截止', 'Due'],
  d_warn: ['黄灯', 'Yellow from'],
  d_now: ['现在', 'Now'],
  d_handed: ['{t} 反馈，{how}', 'handed over {t}, {how}'],
  d_stopped: ['暂停计时，剩余 {t}', 'stopped with {t} left'],
  d_stopped_late: ['暂停计时，已超 {t}', 'stopped, {t} late'],
};
addWords(WHY_WORDS);
