// The wall's words, [Chinese, English].
import { addWords } from '../core/i18n';

export const WALL_WORDS: Record<string, readonly [string, string]> = {
  wall: ['城市管理运行大屏', 'City operations'],
  wall_today: ['今日', 'Today'],
  wall_reported: ['上报', 'Reported'],
  wall_filed: ['立案', 'Filed'],
  wall_dispatched: ['派遣', 'Dispatched'],
  wall_handed_over: ['处置', 'Disposed'],
  wall_closed: ['结案', 'Closed'],
  wall_open: ['在办案件', 'Open cases'],
  wall_stage: ['在办案件所处环节', 'Open cases by stage'],
  wall_rates: ['本月（{month}）', 'This month ({month})'],
  wall_closure: ['结案率', 'Closure rate'],
  wall_on_time: ['按期结案率', 'On-time rate'],
  wall_basis: ['结案 {closed} ／ 应结案 {due}，截至 {at}', '{closed} closed of {due} due, as of {at}'],
  wall_units: ['部门按期结案率', 'On-time rate by unit'],
  wall_streets: ['各街道在办（红灯）', 'Open by street (red)'],
  wall_classes: ['今日上报类别', 'Reported today by class'],
  wall_hours: ['今日各时段：上报与结案', 'Today by hour: reported, closed'],
  wall_newest: ['最新上报', 'Newest reports'],
  wall_none: ['今天还没有', 'None today'],
  wall_old: ['连接中断，数据停在 {age}前，正在重连…', 'Connection lost; this is as of {age} ago. Reconnecting…'],
  wall_nothing_yet: ['连接中断，还没有取到数据，正在重试…', 'No connection and no data yet. Trying again…'],
  wall_as_of: ['数据时间 {t}', 'As of {t}'],
  wall_full: ['全屏', 'Full screen'],
  wall_hour: ['{h}时', '{h}:00'],
  wall_not_yours: ['此账号不能查看统计，请用可查看统计的账号登录。', 'This account may not read statistics; sign in with one that may.'],
};
addWords(WALL_WORDS);
