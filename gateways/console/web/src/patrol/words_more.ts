// Words of what the patrol page fetches behind its first screen: tasks, duty, roll-calls, what was sent.
import { addWords } from '../core/i18n';

export const MORE_WORDS: Record<string, readonly [string, string]> = {
  // ---- tasks
  no_tasks: ['没有待办任务', 'No tasks now'],
  no_tasks_help: ['核实、核查任务一到，这里会立即显示。', 'Verify and check tasks show here at once.'],
  do_task: ['去办理', 'Do it'],
  far_from: ['距此 {far}', '{far} away'],
  task_sent: ['{what}已保存，正在上传', '{what} is kept and being sent'],
  need_result: ['请选择结果', 'Choose a result'],
  back: ['返回', 'Back'],

  // ---- points of campaigns
  points_title: ['专项点位', 'Points of campaigns'],
  point_kind: ['专项走访', 'Campaign'],
  point_until: ['{name} · {day} 止', '{name} · until {day}'],
  visit_point: ['去走访', 'Visit'],
  visit_send: ['提交走访', 'Send'],
  visit_kept: ['走访已保存，正在上传', 'The visit is kept and being sent'],
  visit_kept_found: ['走访已保存；发现的问题请在“上报”中逐件上报', 'The visit is kept; report what was found under Report'],
  point_checklist: ['检查清单', 'Checklist'],
  point_result: ['走访结果', 'Result'],
  point_clean: ['情况正常', 'Nothing found'],
  point_found: ['发现问题', 'Problem found'],
  point_unable: ['无法走访', 'Out of reach'],
  point_note: ['说明（无法走访须填）', 'Note (why, if out of reach)'],
  need_why: ['请说明为何无法走访', 'Say why it could not be visited'],

  // ---- duty and roll-call
  duty_off: ['下岗', 'Off duty'],
  duty_is_on: ['在岗 · {at} 起', 'On duty since {at}'],
  duty_lines: ['今日排班', 'Roster of today'],
  duty_line: ['{where} {from}–{to}', '{where} {from}–{to}'],
  whole_district: ['全区', 'Whole district'],
  roll_call: ['点名：请在 {left} 内拍照应答', 'Roll-call: answer with a photo within {left}'],
  roll_call_late: ['点名已超时，仍请应答', 'The roll-call is over its time; answer still'],
  roll_call_note: ['{by}：{note}', '{by}: {note}'],
  roll_answer: ['应答点名', 'Answer the roll-call'],

  // ---- mine
  sent_today: ['今日已报 {n} 件', '{n} reported today'],
  sent_none: ['今天还没有上报', 'Nothing reported today'],
  skew: ['手机时钟与中心相差 {t}，时间按中心时钟记录。', 'This phone’s clock is {t} off; times are kept by the center’s clock.'],
  edit_again: ['取回修改', 'Take back and mend'],
  outbox_item_report: ['上报', 'Report'],
  outbox_item_duty_on: ['上岗', 'On duty'],
  outbox_item_duty_off: ['下岗', 'Off duty'],
  outbox_item_point_visit: ['专项走访', 'Visit to a point'],
  outbox_item_roll_answer: ['点名应答', 'Roll-call answer'],
  roll_over: ['超时', 'late'],
};
addWords(MORE_WORDS);
