// The API's codes in words, [Chinese, English]. Codes never change; only these words do. A code that is missing here shows
// as it is.

import type { Words } from './code_words';

export type { Words } from './code_words';
export * from './code_steps';
export * from './code_words';

export const STAGES: Words = {
  collection: ['信息采集', 'Collection'],
  filing: ['案卷建立', 'Filing'],
  dispatch: ['任务派遣', 'Dispatch'],
  disposal: ['任务处理', 'Disposal'],
  feedback: ['处理反馈', 'Feedback'],
  check: ['核查结案', 'Check'],
  evaluation: ['综合评价', 'Evaluation'],
};

// The stage of a state (core::kStates); what is not named has ended.
const STAGE_OF: Record<string, string> = {
  reported: 'collection',
  verifying: 'collection',
  pending_accept: 'filing',
  pending_file: 'filing',
  returned_by_dispatch: 'filing',
  self_disposed_review: 'filing',
  pending_dispatch: 'dispatch',
  pending_dispose: 'disposal',
  returned_by_unit: 'disposal',
  disposing: 'disposal',
  suspended: 'disposal',
  in_enforcement: 'disposal',
  disposed: 'disposal',
  pending_review: 'feedback',
  checking: 'check',
  pending_close: 'check',
  awaiting_upstream: 'check',
};
export const stageOf = (state: string): string => STAGE_OF[state] || 'evaluation';

// Whose turn it is: the states that wait for a role, the most pressing first. It only says where to look; what may be done is
// always the server's `actions`.
export const TURN: Record<string, string[]> = {
  hotline_agent: ['pending_accept'],
  acceptor: [
    'pending_accept',
    'pending_file',
    'returned_by_dispatch',
    'self_disposed_review',
    'pending_close',
    'pending_review',
    'in_enforcement',
  ],
  shift_leader: ['returned_by_unit', 'pending_accept', 'pending_file', 'returned_by_dispatch', 'self_disposed_review', 'pending_close'],
  dispatch_officer: ['pending_dispatch', 'pending_review'],
  coordinator: ['returned_by_unit', 'pending_dispatch'],
  unit_clerk: ['disposed', 'in_enforcement', 'pending_dispose'],
  unit_head: ['disposed', 'in_enforcement', 'pending_dispose'],
  squad_leader: ['pending_dispose', 'disposing'],
  disposer: ['pending_dispose', 'disposing'],
};

// Who may read the closure table (gateways/routes.cpp says so too, and decides).
export const STATISTICS_READERS = [
  'acceptor',
  'shift_leader',
  'dispatch_officer',
  'unit_clerk',
  'unit_head',
  'coordinator',
  'evaluator',
  'inspector',
  'leader',
  'auditor',
];

export const CHOICES: Words = {
  pass: ['通过', 'Pass'],
  fail: ['不通过', 'Fail'],
  unable: ['无法核查', 'Unable'],
  exist: ['属实', 'Exists'],
  not_exist: ['不属实', 'Does not exist'],
  not_restored: ['未恢复', 'Not restored'],
  on_site: ['现场', 'On site'],
  grid: ['本网格内', 'In this grid cell'],
  street: ['本街道内', 'In this street'],
  district: ['全区', 'In the whole district'],
  photo: ['照片', 'By photo'],
  video: ['视频', 'By video'],
  very_satisfied: ['非常满意', 'Very satisfied'],
  satisfied: ['满意', 'Satisfied'],
  acceptable: ['基本满意', 'Acceptable'],
  dissatisfied: ['不满意', 'Dissatisfied'],
  very_dissatisfied: ['非常不满意', 'Very dissatisfied'],
  no_reply: ['未收到回复', 'Had no reply'],
  ordered: ['责令改正', 'Ordered to correct'],
  decided: ['作出决定', 'Decided'],
  fulfilled: ['履行完毕', 'Fulfilled'],
  read: ['阅', 'Read'],
  agree: ['同意', 'Agreed'],
  again: ['再办', 'To be done again'],
  asked: ['已申请', 'Asked'],
  approved: ['已同意', 'Approved'],
  refused: ['未同意', 'Refused'],
};

// What waits for a second person (core::kRequestKinds).
export const REQUESTS: Words = {
  return: ['回退', 'Return'],
  void: ['作废', 'Void'],
  extend: ['延期', 'Extension'],
  defer: ['缓办', 'Deferral'],
  suspend: ['挂账', 'Suspension'],
  force_close: ['强制结案', 'Forced closing'],
  transfer_out: ['移出', 'Transfer out'],
  appeal: ['超时申诉', 'Appeal'],
  supervise: ['督办', 'Supervision'],
  instruct: ['批示', 'Instruction'],
};

export const CLOSING: Words = {
  restored: ['恢复', 'Restored'],
  replaced: ['更换', 'Replaced'],
  repaired: ['修复', 'Repaired'],
  cleaned: ['清除清洁', 'Cleaned'],
  removed: ['拆除', 'Removed'],
  stopped: ['制止', 'Stopped'],
  made_safe: ['围护并消除隐患', 'Made safe'],
  regulated: ['规范', 'Put in order'],
  replanted: ['补植', 'Replanted'],
  unblocked: ['疏通', 'Unblocked'],
  permitted: ['完善手续', 'Permitted'],
  handled_by_law: ['依法查处', 'Handled by law'],
  transferred: ['移交', 'Transferred'],
};

export const SOURCES: Words = {
  patrol: ['监督员上报', 'Patrol'],
  hotline_12319: ['12319热线', 'Hotline 12319'],
  hotline_12345: ['12345热线', 'Hotline 12345'],
  public: ['公众举报', 'Public'],
  leader: ['领导批办', 'Leader'],
  media: ['媒体曝光', 'Media'],
  video: ['视频上报', 'Video'],
  ai: ['智能识别', 'AI'],
  inspection: ['督察发现', 'Inspection'],
  department: ['部门移交', 'Department'],
  enforcement: ['执法移交', 'Enforcement'],
  sensor: ['物联感知', 'Sensor'],
  import: ['导入', 'Import'],
};

// The office's steps with a limit of their own (core::stage_limit).
export const LATE_STAGES: Words = {
  accept: ['受理', 'Accept'],
  file: ['立案', 'File'],
  dispatch: ['派遣', 'Dispatch'],
  review: ['督查', 'Review'],
  close: ['结案', 'Close'],
};

export const CLOCKS: Words = {
  urgent: ['紧急，昼夜连续计时', 'urgent, day and night'],
  work_hour: ['工作时计时', 'working hours'],
  work_day: ['工作日计时', 'working days'],
  natural_day: ['自然日计时', 'calendar days'],
};

export const CALENDARS: Words = { center: ['中心工作日历', "the center's calendar"], early: ['早班工作日历', "the early shift's calendar"] };

// The levels of routing in their fixed order, for /explain.
export const LEVELS: Words = {
  decision: ['协调决定', 'Decision of the coordination desk'],
  ordered: ['派遣规则', 'Ordered rules'],
  responsibility: ['权责清单', 'Responsibility list'],
  component_maintainer: ['部件养护单位', "Component's maintainer"],
  condition_in_grid: ['本网格的规则', 'Rule for this grid cell'],
  condition_in_street: ['本街道的规则', 'Rule for this street'],
  class_in_district: ['大类默认', 'Default of the class'],
  territorial: ['属地街道', 'The street itself'],
  named: ['人工指定', 'Named by hand'],
};

// What officers write again and again, offered under a reason.
export const PHRASES: Record<string, (readonly [string, string])[]> = {
  decline: [
    ['不属于受理范围', 'Outside our remit'],
    ['与在办案件重复', 'Same as a case in hand'],
    ['位置或问题无法核实', 'Place or problem cannot be verified'],
  ],
  decline_filing: [
    ['未达立案条件', 'Filing condition not met'],
    ['现场已恢复', 'Already restored'],
  ],
  return: [
    ['不属于本单位职责', 'Not our responsibility'],
    ['位置描述有误', 'The place is wrong'],
    ['权属待界定', 'Ownership is unclear'],
  ],
  return_filing: [
    ['类别有误，请更正', 'Wrong category'],
    ['位置有误，请更正', 'Wrong place'],
  ],
  hand_back: [
    ['需要专用设备', 'Needs special equipment'],
    ['人手不足，请改派', 'Short of people; please reassign'],
  ],
  reject_disposal: [
    ['处置不彻底', 'Not done thoroughly'],
    ['照片看不清', 'The photo is unclear'],
  ],
  rework: [
    ['处置不到位，返工', 'Not done; do it again'],
    ['照片与现场不符', 'Photo does not match the place'],
  ],
  recheck: [['核查照片看不清', "The check's photo is unclear"]],
  check: [
    ['现场被围挡，无法进入', 'Fenced off, no access'],
    ['未找到该位置', 'Place not found'],
    ['问题仍在', 'The problem is still there'],
  ],
  verify: [
    ['未找到该位置', 'Place not found'],
    ['现场未见问题', 'No problem seen'],
  ],
};
