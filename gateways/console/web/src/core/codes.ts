// The API's codes in words, [Chinese, English]. Codes never change; only these words do. A code that is missing here shows
// as it is.

export type Words = Record<string, readonly [string, string]>;

export const STATES: Words = {
  reported: ['已上报', 'Reported'],
  verifying: ['核实中', 'Being verified'],
  pending_accept: ['待受理', 'To accept'],
  pending_file: ['待立案', 'To file'],
  pending_dispatch: ['待派遣', 'To dispatch'],
  returned_by_dispatch: ['退回受理', 'Returned to filing'],
  pending_dispose: ['待处置', 'To dispose'],
  returned_by_unit: ['申请回退', 'Return requested'],
  disposing: ['处置中', 'Being disposed'],
  suspended: ['缓办挂账', 'Suspended'],
  in_enforcement: ['移交执法', 'In enforcement'],
  disposed: ['待部门确认', 'To confirm'],
  pending_review: ['待督查', 'To review'],
  checking: ['核查中', 'Being checked'],
  pending_close: ['待结案', 'To close'],
  awaiting_upstream: ['待上级结案', 'Awaiting upstream'],
  closed: ['已结案', 'Closed'],
  forced_closed: ['强制结案', 'Forced closed'],
  not_accepted: ['不予受理', 'Not accepted'],
  not_filed: ['不予立案', 'Not filed'],
  voided: ['已作废', 'Voided'],
  self_disposed_review: ['自处置待审', 'Self-disposal to review'],
  self_disposed_closed: ['自处置结案', 'Self-disposed'],
  merged: ['已合并', 'Merged'],
  transferred_out: ['已移出', 'Transferred out'],
};

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

export const ACTIONS: Words = {
  report: ['上报', 'Report'],
  send_verify: ['发核实', 'Send to verify'],
  verify: ['核实反馈', 'Verify'],
  accept: ['受理', 'Accept'],
  decline: ['不予受理', 'Do not accept'],
  file: ['立案', 'File'],
  decline_filing: ['不予立案', 'Do not file'],
  dispatch: ['派遣', 'Dispatch'],
  recall: ['撤回改派', 'Recall'],
  return_filing: ['退回受理', 'Return to filing'],
  sign: ['签收', 'Sign for'],
  return: ['申请回退', 'Ask to return'],
  approve_return: ['同意回退', 'Approve return'],
  refuse_return: ['不同意回退', 'Refuse return'],
  hand_back: ['交回', 'Hand back'],
  dispose: ['处置完成', 'Disposed'],
  reject_disposal: ['部门打回', 'Reject disposal'],
  confirm: ['部门确认', 'Confirm'],
  rework: ['返工', 'Rework'],
  send_check: ['发核查', 'Send to check'],
  check: ['核查反馈', 'Check'],
  recheck: ['退回重核', 'Check again'],
  close: ['结案', 'Close'],
  request_void: ['申请作废', 'Ask to void'],
  approve_void: ['同意作废', 'Approve void'],
  refuse_void: ['不同意作废', 'Refuse void'],
  force_close: ['强制结案', 'Force close'],
  amend: ['更正', 'Amend'],
  reassign: ['改派中队', 'Reassign'],
  note: ['备注', 'Note'],
  accept_self_disposal: ['自处置通过', 'Accept self-disposal'],
  refuse_self_disposal: ['自处置退回', 'Refuse self-disposal'],
  extend: ['申请延期', 'Ask to extend'],
  defer: ['申请缓办', 'Ask to defer'],
  suspend: ['申请挂账', 'Ask to suspend'],
  resume: ['恢复处置', 'Resume'],
  supervise: ['督办', 'Supervise'],
  urge: ['催办', 'Urge'],
  instruct: ['批示', 'Instruct'],
  set_urgent: ['转急要件', 'Make urgent'],
  make_safe: ['消除隐患', 'Made safe'],
  merge: ['合并', 'Merge'],
  unmerge: ['撤销合并', 'Unmerge'],
  transfer_out: ['申请移出', 'Ask to transfer out'],
  hand_to_enforcement: ['移交执法', 'Hand to enforcement'],
  reply: ['回复', 'Reply'],
  appeal: ['超时申诉', 'Appeal'],
  reopen: ['复发重开', 'Reopen'],
  approve_request: ['同意申请', 'Approve request'],
  refuse_request: ['不同意申请', 'Refuse request'],
  assist_done: ['协办完成', 'Assisted'],
  waive_assist: ['免除协办', 'Waive assistance'],
  acknowledge: ['知悉', 'Acknowledge'],
  answer_order: ['答复交办', 'Answer an order'],
  judge_order: ['审阅答复', 'Judge an answer'],
  refer_discipline: ['移送纪检', 'Refer to discipline'],
  upstream_close: ['上级结案', 'Closed upstream'],
  upstream_rework: ['上级返工', 'Sent back by upstream'],
  reproject: ['时限重算', 'Deadline derived again'],
  received: ['任务已送达', 'Task received'],
  task_escalated: ['任务超时未送达', 'Task not received in time'],
  escalated: ['时限提醒已升级', 'Told of a clock that ran out'],
};

// The step that carries a case on; it is offered first and big. The others go back, end or remark.
export const FORWARD = [
  'approve_request',
  'verify',
  'accept',
  'file',
  'dispatch',
  'sign',
  'check',
  'dispose',
  'make_safe',
  'assist_done',
  'confirm',
  'send_check',
  'close',
  'approve_return',
  'approve_void',
  'accept_self_disposal',
  'resume',
  'send_verify',
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

export const ROLES: Words = {
  system: ['系统', 'System'],
  reporter: ['上报端', 'Reporter'],
  patroller: ['监督员', 'Patroller'],
  patrol_lead: ['采集班长', 'Patrol lead'],
  hotline_agent: ['坐席', 'Hotline agent'],
  acceptor: ['受理员', 'Acceptor'],
  shift_leader: ['值班长', 'Shift leader'],
  dispatch_officer: ['派遣员', 'Dispatch officer'],
  unit_clerk: ['承办员', 'Unit clerk'],
  unit_head: ['部门负责人', 'Unit head'],
  squad_leader: ['中队长', 'Squad leader'],
  disposer: ['处置员', 'Disposer'],
  coordinator: ['协调员', 'Coordinator'],
  evaluator: ['考评员', 'Evaluator'],
  inspector: ['督察员', 'Inspector'],
  leader: ['领导', 'Leader'],
  sys_admin: ['系统管理员', 'System administrator'],
  sec_admin: ['安全管理员', 'Security administrator'],
  auditor: ['审计管理员', 'Auditor'],
  catalogue_admin: ['目录管理员', 'Catalogue administrator'],
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

export const KINDS: Words = { dispose: ['处置', 'Dispose'], verify: ['核实', 'Verify'], check: ['核查', 'Check'], assist: ['协办', 'Assist'] };

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

// What is wrong with a field (problem+json `errors[].code`), and the guards' reasons where they blame one.
export const FAULTS: Words = {
  required: ['必填', 'is required'],
  too_long: ['太长', 'is too long'],
  too_many: ['数量太多', 'has too many items'],
  too_few: ['数量不够', 'has too few items'],
  out_of_range: ['超出范围', 'is out of range'],
  coordinate_out_of_range: ['坐标缺失或超出范围', 'coordinate is missing or out of range'],
  repeated: ['重复', 'is there twice'],
  id_taken: ['已被占用', 'is taken'],
  gallery_not_allowed: ['本市不允许上传相册照片', 'this city takes no pictures from the gallery'],
  original_unknown: ['找不到原图', 'its original is not there'],
  bad_format: ['格式不对', 'has a wrong format'],
  wrong_type: ['类型不对', 'has a wrong type'],
  unknown_value: ['没有这个选项', 'has no such value'],
  field_missing: ['必填或取值不对', 'is missing or has no such value'],
  unknown_category: ['目录中没有该类别', 'is not in the catalogue'],
  unknown_condition: ['该类别没有此立案条件', 'is no filing condition of this category'],
  unknown_unit: ['没有该处置部门', 'is no such unit'],
  unknown_squad: ['没有该中队', 'is no such squad'],
  squad_not_of_unit: ['不属于该部门', 'does not belong to the unit'],
  unknown_closing_condition: ['没有该结案条件', 'is no such closing condition'],
  backdate_not_allowed: ['没有补录权限', 'needs the right to backdate'],
  not_yours: ['不由您办理', 'is not yours'],
  until_out_of_range: ['须在将来且不超过规定期限', 'must lie ahead and inside the longest term allowed'],
  no_order: ['没有等待答复的交办', 'No such order waits for an answer'],
  not_the_giver: ['由交办人或领导审阅，且须已答复', 'Judged by who gave it or a leader, once answered'],
  no_request: ['没有等待审批的申请', 'names no waiting request'],
  wrong_state: ['当前状态不能办理', 'is in no state for this'],
  place_unusable: ['不在任何单元网格内', 'lies in no cell'],
  no_assist: ['该单位没有未完成的协办', 'has no open assisting task'],
  no_master: ['没有该主案卷', 'names no master case'],
  master_not_open: ['主案卷已办结', 'names a case that has ended'],
  other_category: ['类别不同，不能合并', 'names a case of another category'],
  at_before_last: ['早于案卷最后一步', "lies before the case's last step"],
  at_in_future: ['在将来', 'lies in the future'],
  bad_media: ['文件内容与类型不符', 'is not the file it claims to be'],
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
