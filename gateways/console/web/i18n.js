// The words of the two plain pages, Chinese first. Codes from the API never change; only these words do.
// A refusal's own words come from the server in the language we ask for; here are labels and states.

const WORDS = {
  zh: {
    product: '网格指挥中心', console: '指挥台', views: '页面', squad_page: '我的任务', cases: '案件', closure: '结案统计',
    sign_in: '登录', sign_out: '退出', token: '访问令牌', token_help: '粘贴管理员发给您的令牌。令牌只保存在本标签页，关闭即清除。',
    token_bad: '令牌无效或已过期，请重新登录。', language: 'English', loading: '正在读取…', retry: '重试', close: '关闭',
    back: '返回列表', cancel: '取消', submit: '提交', more: '显示更多', all: '全部', search: '搜索案件（案号、描述、地址）',
    search_label: '搜索', filter_light: '灯', filter_unit: '处置单位', filter_squad: '中队', filter_stage: '阶段', clear: '清除条件',
    col_light: '灯', col_case: '案号', col_what: '问题', col_where: '地点', col_state: '状态', col_who: '处置单位', col_due: '处置截止', col_left: '时间',
    empty_list: '没有符合条件的案件', empty_list_help: '换一个状态或清除条件再看。', empty_tasks: '现在没有任务', empty_tasks_help: '新任务会自动出现在这里，请保持页面打开。',
    load_failed: '读取失败', offline: '连接中断', offline_age: '连接中断，显示的是 {age} 前的数据，正在重连…', online: '实时',
    new_items: '有 {n} 件新增或变动，按 . 显示', gone: '已离开本列表', light_green: '绿灯', light_yellow: '黄灯', light_red: '红灯', light_none: '未计时',
    left: '剩 {t}', over: '超时 {t}', met: '按期反馈', late: '超期反馈', day: '{n}天', hour: '{n}小时', minute: '{n}分', less_minute: '不足1分',
    facts: '案件信息', timeline: '办理过程', why: '派遣与时限依据', photos: '照片', actions: '可办事项', no_actions: '当前没有需要您办理的事项。',
    case_no: '案号', category: '类别', condition: '立案条件', description: '描述', address: '地址', place: '坐标', grid: '单元网格', source: '来源',
    opened_at: '上报时间', due_at: '处置截止', unit: '处置单位', squad: '中队', holder: '办理人', reporter: '上报人', version: '版本', 
    place_unusable: '位置无法使用，需人工核定', provisional: '暂定（日历未发布）', twins: '疑似重复', rework: '返工', returns: '回退', backdated: '补录',
    key_conflict: '同一编号两种内容', component_id: '部件', closing_condition: '结案条件', 
    spent: '用时 {t}', transport: '传输', by_system: '系统', photo_pending: '照片待上传', photo_failed: '照片无法显示', photo_open: '放大照片 {n}',
    f_reason: '原因', f_opinion: '意见', f_result: '结果', f_photos: '照片', f_unit: '处置单位', f_squad: '中队', f_holder: '办理人',
    f_condition: '立案条件', f_closing_condition: '结案条件', f_category: '类别', f_address: '地址', f_lon: '经度', f_lat: '纬度',
    f_component_id: '部件编号', f_check_mode: '核查方式', f_text: '备注', f_at: '发生时间', f_version: '版本', choose: '请选择', required: '必填', optional: '选填',
    add_photo: '拍照或选图', upload_busy: '正在上传 {n} 张…', upload_failed: '照片上传失败：{why}', remove_photo: '移除照片 {n}', photos_needed: '至少 {n} 张',
    sent: '已办理：{what}', stale: '已被他人抢先办理：{who} 于 {when} {what}。已载入最新内容，请核对后再提交。', stale_plain: '案件已有变化，已载入最新内容，请核对后再提交。',
    refused: '不能办理：{why}', away: '系统暂时无法办理，什么都没有改变。可用同一编号重试。', unknown: '没有收到结果，可能已经办理。再试不会重复办理。',
    not_found: '没有找到，或不在您的范围内', not_yours: '这一步不由您办理',
    month: '月份', by: '分组', by_district: '全区', by_street: '街道', by_unit: '处置单位', by_squad: '中队', by_class: '大类', by_source: '来源',
    c_name: '名称', c_filed: '立案', c_dispatched: '派遣', c_due: '应结案', c_carried_over: '其中上期结转', c_closed: '结案', c_closed_on_time: '按期结案',
    c_closure_rate: '结案率', c_on_time_closure_rate: '按期结案率', c_rework_rate: '返工率', c_extension_rate: '延期率', c_awaiting_check: '待核查',
    c_in_enforcement: '执法中', c_open_at_end: '期末未结', total: '合计', as_of: '统计时点 {t}', basis: '口径', closure_list: '结案统计明细：{what}', back_table: '返回统计表',
    received: '已送达', due: '截止', next: '下一步', new_task: '新任务', withdrawn: '任务已收回：{n}', kind_dispose: '处置', kind_verify: '核实', kind_check: '核查', kind_assist: '协办',
    photo_first: '先拍照，再填写', details: '查看案件', escalated: '超时未送达', count_open: '{n} 项任务', keys: '快捷键：j/k 移动，Enter 打开，/ 搜索，. 刷新，Esc 返回',
    wrong_page_squad: '这里是处置和核实人员的页面。', to_console: '打开指挥台', 
  },
  en: {
    product: 'Wangge grid command', console: 'Console', views: 'Views', squad_page: 'My tasks', cases: 'Cases', closure: 'Closure table',
    sign_in: 'Sign in', sign_out: 'Sign out', token: 'Access token', token_help: 'Paste the token your administrator gave you. It stays in this tab only and is gone when you close it.',
    token_bad: 'The token is unknown or has expired. Please sign in again.', language: '中文', loading: 'Loading…', retry: 'Try again', close: 'Close',
    back: 'Back to the list', cancel: 'Cancel', submit: 'Submit', more: 'Show more', all: 'All', search: 'Search (number, words, address)',
    search_label: 'Search', filter_light: 'Light', filter_unit: 'Unit', filter_squad: 'Squad', filter_stage: 'Stage', clear: 'Clear filters',
    col_light: 'Light', col_case: 'Case', col_what: 'Problem', col_where: 'Place', col_state: 'State', col_who: 'Unit', col_due: 'Due', col_left: 'Time',
    empty_list: 'No case matches', empty_list_help: 'Choose another state or clear the filters.', empty_tasks: 'No task for you now', empty_tasks_help: 'New tasks appear here by themselves; keep this page open.',
    load_failed: 'Could not load', offline: 'Connection lost', offline_age: 'Connection lost; this is as of {age} ago. Reconnecting…', online: 'Live',
    new_items: '{n} new or changed; press . to show', gone: 'no longer in this list', light_green: 'Green', light_yellow: 'Yellow', light_red: 'Red', light_none: 'No clock',
    left: '{t} left', over: '{t} late', met: 'in time', late: 'late', day: '{n}d', hour: '{n}h', minute: '{n}min', less_minute: '<1min',
    facts: 'Case', timeline: 'Timeline', why: 'Why this unit and this deadline', photos: 'Photos', actions: 'What you can do', no_actions: 'Nothing for you to do here now.',
    case_no: 'Number', category: 'Category', condition: 'Filing condition', description: 'Description', address: 'Address', place: 'Position', grid: 'Grid cell', source: 'Source',
    opened_at: 'Reported', due_at: 'Due', unit: 'Unit', squad: 'Squad', holder: 'Holder', reporter: 'Reporter', version: 'Version', 
    place_unusable: 'Place unusable; a person must decide', provisional: 'provisional (calendar not published)', twins: 'Possible twins', rework: 'Rework', returns: 'Returns', backdated: 'back-entered',
    key_conflict: 'same key, two contents', component_id: 'Component', closing_condition: 'Closing condition', 
    spent: 'took {t}', transport: 'transport', by_system: 'System', photo_pending: 'Photo not uploaded yet', photo_failed: 'Photo cannot be shown', photo_open: 'Enlarge photo {n}',
    f_reason: 'Reason', f_opinion: 'Opinion', f_result: 'Result', f_photos: 'Photos', f_unit: 'Unit', f_squad: 'Squad', f_holder: 'Holder',
    f_condition: 'Filing condition', f_closing_condition: 'Closing condition', f_category: 'Category', f_address: 'Address', f_lon: 'Longitude', f_lat: 'Latitude',
    f_component_id: 'Component', f_check_mode: 'Check mode', f_text: 'Note', f_at: 'Time', f_version: 'Version', choose: 'Choose', required: 'required', optional: 'optional',
    add_photo: 'Take or choose a photo', upload_busy: 'Uploading {n}…', upload_failed: 'Upload failed: {why}', remove_photo: 'Remove photo {n}', photos_needed: 'at least {n}',
    sent: 'Done: {what}', stale: 'Somebody was faster: {who} at {when}: {what}. The newest state is loaded; check and submit again.', stale_plain: 'The case has changed. The newest state is loaded; check and submit again.',
    refused: 'Refused: {why}', away: 'The system is away; nothing was changed. You can retry under the same id.', unknown: 'No answer came; it may have been done. Trying again never does it twice.',
    not_found: 'Not found, or outside your scope', not_yours: 'This step is not yours',
    month: 'Month', by: 'By', by_district: 'District', by_street: 'Street', by_unit: 'Unit', by_squad: 'Squad', by_class: 'Class', by_source: 'Source',
    c_name: 'Name', c_filed: 'Filed', c_dispatched: 'Dispatched', c_due: 'Due', c_carried_over: 'Carried over', c_closed: 'Closed', c_closed_on_time: 'On time',
    c_closure_rate: 'Closure %', c_on_time_closure_rate: 'On time %', c_rework_rate: 'Rework %', c_extension_rate: 'Extension %', c_awaiting_check: 'Awaiting check',
    c_in_enforcement: 'Enforcement', c_open_at_end: 'Open at end', total: 'Total', as_of: 'As of {t}', basis: 'Basis', closure_list: 'Cases behind the figure: {what}', back_table: 'Back to the table',
    received: 'Received', due: 'Due', next: 'Next', new_task: 'New task', withdrawn: 'Task withdrawn: {n}', kind_dispose: 'Dispose', kind_verify: 'Verify', kind_check: 'Check', kind_assist: 'Assist',
    photo_first: 'Photo first, then the form', details: 'Open case', escalated: 'not received in time', count_open: '{n} tasks', keys: 'Keys: j/k move, Enter open, / search, . refresh, Esc back',
    wrong_page_squad: 'This page is for squads and patrollers.', to_console: 'Open the console', 
  },
};

const pair = (zh, en) => ({ zh, en });

export const STATES = {
  reported: pair('已上报', 'Reported'), verifying: pair('核实中', 'Being verified'), pending_accept: pair('待受理', 'To accept'),
  pending_file: pair('待立案', 'To file'), pending_dispatch: pair('待派遣', 'To dispatch'), returned_by_dispatch: pair('退回受理', 'Returned to filing'),
  pending_dispose: pair('待处置', 'To dispose'), returned_by_unit: pair('申请回退', 'Return requested'), disposing: pair('处置中', 'Being disposed'),
  disposed: pair('待部门确认', 'To confirm'), pending_review: pair('待督查', 'To review'), checking: pair('核查中', 'Being checked'),
  pending_close: pair('待结案', 'To close'), closed: pair('已结案', 'Closed'), forced_closed: pair('强制结案', 'Forced closed'),
  not_accepted: pair('不予受理', 'Not accepted'), not_filed: pair('不予立案', 'Not filed'), voided: pair('已作废', 'Voided'),
  self_disposed_review: pair('自处置待审', 'Self-disposal to review'), self_disposed_closed: pair('自处置结案', 'Self-disposed'),
};

export const STAGES = {
  collection: pair('信息采集', 'Collection'), filing: pair('案卷建立', 'Filing'), dispatch: pair('任务派遣', 'Dispatch'),
  disposal: pair('任务处理', 'Disposal'), feedback: pair('处理反馈', 'Feedback'), check: pair('核查结案', 'Check'), evaluation: pair('综合评价', 'Evaluation'),
};

export const ACTIONS = {
  report: pair('上报', 'Report'), send_verify: pair('发核实', 'Send to verify'), verify: pair('核实反馈', 'Verify'), accept: pair('受理', 'Accept'),
  decline: pair('不予受理', 'Decline'), file: pair('立案', 'File'), decline_filing: pair('不予立案', 'Decline filing'), dispatch: pair('派遣', 'Dispatch'),
  recall: pair('撤回改派', 'Recall'), return_filing: pair('退回受理', 'Return to filing'), sign: pair('签收', 'Sign for it'), return: pair('申请回退', 'Ask to return'),
  approve_return: pair('同意回退', 'Approve return'), refuse_return: pair('不同意回退', 'Refuse return'), hand_back: pair('交回中队', 'Hand back'),
  dispose: pair('处置完成', 'Disposed'), reject_disposal: pair('部门打回', 'Reject disposal'), confirm: pair('部门确认反馈', 'Confirm'), rework: pair('返工', 'Rework'),
  send_check: pair('发核查', 'Send to check'), check: pair('核查反馈', 'Check'), recheck: pair('退回重核', 'Check again'), close: pair('结案', 'Close'),
  request_void: pair('申请作废', 'Ask to void'), approve_void: pair('同意作废', 'Approve void'), refuse_void: pair('不同意作废', 'Refuse void'),
  force_close: pair('强制结案', 'Force close'), amend: pair('更正', 'Amend'), reassign: pair('改派中队', 'Reassign'), note: pair('备注', 'Note'),
  accept_self_disposal: pair('认可自处置', 'Accept self-disposal'), refuse_self_disposal: pair('不认可自处置', 'Refuse self-disposal'),
  received: pair('任务送达', 'Task received'), task_escalated: pair('任务超时未送达', 'Task not received in time'),
};

export const CHOICES = {
  pass: pair('通过', 'Pass'), fail: pair('不通过', 'Fail'), unable: pair('无法核查', 'Unable'), exist: pair('属实', 'Exists'), exists: pair('属实', 'Exists'),
  not_exist: pair('不属实', 'Does not exist'), not_exists: pair('不属实', 'Does not exist'), restored: pair('已恢复原状', 'Restored'),
  replaced: pair('已更换', 'Replaced'), repaired: pair('已修复', 'Repaired'), cleaned: pair('已清除', 'Cleaned'), removed: pair('已拆除', 'Removed'),
  stopped: pair('已制止', 'Stopped'), fenced: pair('已围护并消除隐患', 'Fenced, danger removed'), made_safe: pair('已排除危险', 'Made safe'),
  handed_over: pair('已移交', 'Handed over'), on_site: pair('现场', 'On site'), photo: pair('照片', 'By photo'), video: pair('视频', 'By video'),
};

export const ROLES = {
  system: pair('系统', 'System'), reporter: pair('上报端', 'Reporter'), patroller: pair('监督员', 'Patroller'), patrol_lead: pair('采集班长', 'Patrol lead'),
  hotline_agent: pair('坐席', 'Hotline agent'), acceptor: pair('受理员', 'Acceptor'), shift_leader: pair('值班长', 'Shift leader'),
  dispatch_officer: pair('派遣员', 'Dispatch officer'), unit_clerk: pair('承办员', 'Unit clerk'), unit_head: pair('部门负责人', 'Unit head'),
  squad_leader: pair('中队长', 'Squad leader'), disposer: pair('处置员', 'Disposer'), coordinator: pair('协调员', 'Coordinator'), evaluator: pair('考评员', 'Evaluator'),
  inspector: pair('督察员', 'Inspector'), leader: pair('领导', 'Leader'), sys_admin: pair('系统管理员', 'System administrator'),
  sec_admin: pair('安全管理员', 'Security administrator'), auditor: pair('审计管理员', 'Auditor'), catalogue_admin: pair('目录管理员', 'Catalogue administrator'),
};

export const SOURCES = {
  patrol: pair('巡查上报', 'Patrol'), hotline_12319: pair('12319热线', 'Hotline 12319'), hotline_12345: pair('12345转办', 'Hotline 12345'),
  public: pair('公众上报', 'Public'), leader: pair('领导交办', 'Leader'), media: pair('媒体曝光', 'Media'), video: pair('视频上报', 'Video'), ai: pair('智能识别', 'AI'),
  inspection: pair('督查检查', 'Inspection'), department: pair('部门转办', 'Department'), enforcement: pair('执法发现', 'Enforcement'), sensor: pair('物联感知', 'Sensor'), import: pair('批量导入', 'Import'),
};

let language = 'zh';
try {
  language = localStorage.getItem('wangge.lang') || (/^zh/i.test(navigator.language || 'zh') ? 'zh' : 'en');
} catch {
  language = 'zh';  // storage is off: Chinese first
}

export const lang = () => language;
export const acceptLanguage = () => (language === 'zh' ? 'zh-CN' : 'en');

export function setLang(next) {
  language = next;
  try { localStorage.setItem('wangge.lang', next); } catch { /* not remembered, still switched */ }
}

// t('left', {t: '2h'}): a missing key shows itself, so that it is found.
export function t(key, values = {}) {
  const text = WORDS[language][key] ?? WORDS.zh[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

// A code in words, from one of the tables above; an unknown code shows as it is.
export const word = (table, code) => table[code]?.[language] ?? code ?? '';

// Named thing of the master data: the server gives either one name or both languages.
export const nameOf = (item) => item?.[language] ?? item?.name ?? item?.key ?? '';

export function translatePage(root = document) {
  document.documentElement.lang = acceptLanguage();
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll('[data-t-placeholder]')) node.placeholder = t(node.dataset.tPlaceholder);
  for (const node of root.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel));
}
