// Every word of the two plain pages, [Chinese, English], Chinese first. {name} is filled in by t().
// A refusal's own words come from the server in the language we ask for.

export const WORDS = {
  // ---- both pages
  product: ['网格指挥中心', 'Wangge grid command'], views: ['页面', 'Views'], squad_page: ['我的任务', 'My tasks'], to_main: ['跳到正文', 'Skip to content'],
  sign_in: ['登录', 'Sign in'], sign_out: ['退出', 'Sign out'], token: ['访问令牌', 'Access token'],
  token_help: ['粘贴管理员发给您的令牌。令牌只保存在本标签页，关闭即清除。', 'Paste the token your administrator gave you. It stays in this tab only and is gone when you close it.'],
  token_bad: ['令牌无效或已过期，请重新登录。', 'The token is unknown or has expired. Please sign in again.'],
  language: ['English', '中文'], loading: ['正在读取…', 'Loading…'], retry: ['重试', 'Try again'], close: ['关闭', 'Close'], cancel: ['取消', 'Cancel'],
  load_failed: ['读取失败', 'Could not load'], offline: ['连接中断，请检查网络', 'No connection'], online: ['实时', 'Live'],
  offline_age: ['连接中断，显示的是 {age}前的数据，正在重连…', 'Connection lost; this is as of {age} ago. Reconnecting…'],
  not_found: ['没有找到，或不在您的范围内', 'Not found, or outside your scope'], not_yours: ['这一步不由您办理', 'This step is not yours'],
  unknown_fault: ['不符合要求', 'is not acceptable'], field_fault: ['{what}：{why}', '{what} {why}'], colon: ['：', ': '], comma: ['，', ', '], stop: ['；', '; '],
  new_badge: ['新', 'New'],

  // ---- times and lights
  light_green: ['绿灯', 'Green'], light_yellow: ['黄灯', 'Yellow'], light_red: ['红灯', 'Red'], light_none: ['未计时', 'No clock'], light_ended: ['已结束', 'Ended'],
  day: ['{n}天', '{n} d '], hour: ['{n}小时', '{n} h '], minute: ['{n}分', '{n} min'], less_minute: ['不足1分', '<1 min'],
  left: ['还剩 {t}', '{t} left'], over: ['超时 {t}', '{t} late'], met: ['按期反馈', 'done in time'], late: ['超期反馈', 'done late'], stopped: ['暂停计时', 'clock stopped'], stage_left: ['本环节剩 {t}', '{t} left here'], stage_over: ['本环节超 {t}', '{t} late here'], until_day: ['至 {t}', 'until {t}'],
  waiting: ['已等 {t}', 'waiting {t}'], today: ['今天', 'today'], tomorrow: ['明天', 'tomorrow'], yesterday: ['昨天', 'yesterday'], before_time: ['{t} 前', 'by {t}'],
  work_days: ['{n} 个工作日', '{n} working days'], work_minutes: ['{t}（工作时间）', '{t} of working time'], natural_days: ['{n} 天', '{n} days'],

  // ---- the queue
  cases: ['案件', 'Cases'], all: ['全部在办', 'All open'], any: ['全部', 'All'], search: ['搜索案号、描述、地址（含已结案）', 'Number, words or address'], search_label: ['搜索', 'Search'], find: ['查找', 'Find'],
  filter_light: ['灯', 'Light'], filter_unit: ['处置单位', 'Unit'], filter_stage: ['阶段', 'Stage'], clear: ['清除条件', 'Clear filters'],
  lights_label: ['按灯筛选', 'Filter by light'], states_label: ['按状态筛选', 'Filter by state'], more: ['显示更多', 'Show more'],
  col_light: ['灯', 'Light'], col_case: ['案号', 'Case'], col_what: ['问题', 'Problem'], col_where: ['地点', 'Place'], col_state: ['状态', 'State'], col_who: ['处置单位', 'Unit'], col_due: ['处置截止', 'Due'], col_left: ['时间', 'Time'],
  empty_list: ['没有符合条件的案件', 'No case matches'], empty_list_help: ['换一个状态或清除条件再看。', 'Choose another state or clear the filters.'],
  empty_queue: ['现在没有在办案件', 'No open case now'], empty_queue_help: ['新案件会自动出现在这里。', 'New cases appear here by themselves.'],
  new_items: ['有 {n} 件新增或变动，按 . 显示', '{n} new or changed; press . to show'], your_turn: ['轮到您办', 'Waits for you'],
  next_case: ['下一件', 'Next'], next_open: ['打开', 'Open'], next_none: ['没有轮到您办的案件', 'Nothing waits for you'], next_many: ['共 {n} 件轮到您', '{n} wait for you'],
  undelivered: ['未送达', 'Not delivered'], request_waits: ['{what}待批', '{what} asked for'], urgent: ['急', 'Urgent'], supervised: ['督办', 'Supervised'], maybe_twin: ['疑似重复 {n}', '{n} possible twins'],

  // ---- the alarm of an undelivered task
  alarm_title: ['{n} 项任务派出后没有设备收到，请联系', '{n} tasks reached no device; please call'], alarm_one: ['1 项任务派出后没有设备收到，请联系', '1 task reached no device; please call'],
  alarm_since: ['派出 {t}', 'sent {t} ago'], alarm_more: ['另有 {n} 项', '{n} more'], alarm_case: ['派给 {who} 的任务没有设备收到，{t}前已告警，请电话联系。', 'No device has the task of {who}; alarm raised {t} ago. Please call.'],

  // ---- a case
  facts: ['案件信息', 'The case'], timeline: ['办理过程', 'Timeline'], why_who: ['为什么派给这个中队', 'Why this squad'], why_due: ['为什么是这个时限', 'Why this deadline'],
  photos: ['照片', 'Photos'], photos_before: ['处置前', 'Before'], photos_after: ['处置后', 'After'], photos_check: ['核查', 'Check'], photos_verify: ['核实', 'Verification'], photos_other: ['其他', 'Other'],
  actions: ['可办事项', 'What you can do'], no_actions: ['当前没有需要您办理的事项。', 'Nothing for you to do here now.'], copy: ['复制案号', 'Copy number'], copied: ['案号已复制', 'Number copied'],
  case_no: ['案号', 'Number'], category: ['类别', 'Category'], class: ['大类', 'Class'], condition: ['立案条件', 'Filing condition'], address: ['地址', 'Address'], place: ['坐标', 'Position'], grid: ['单元网格', 'Grid cell'], source: ['来源', 'Source'],
  opened_at: ['上报时间', 'Reported'], due_at: ['处置截止', 'Due'], unit: ['处置单位', 'Unit'], squad: ['中队', 'Squad'], holder: ['办理人', 'Holder'], reporter: ['上报人', 'Reporter'],
  place_unusable: ['位置无法使用，需人工核定', 'Place unusable; a person must decide'], provisional: ['暂定（日历未发布）', 'provisional (calendar not published)'], twins: ['疑似重复', 'Possible twins'],
  rework: ['返工次数', 'Rework'], returns: ['回退次数', 'Returns'], backdated: ['补录', 'Back-entered'], key_conflict: ['同一编号两种内容，请核对', 'One key, two contents: please compare'], component_id: ['部件', 'Component'],
  closing_condition: ['结案条件', 'Closing condition'], check_mode: ['核查方式', 'Check mode'], requests: ['待批申请', 'Waiting requests'], request_line: ['{what} · {by} · {at} · {reason}', '{what} · {by} · {at} · {reason}'], suspended_until: ['缓办挂账至', 'Suspended until'], extensions: ['已延期', 'Extensions'], merged_into: ['合并到', 'Merged into'], duplicates: ['合并来的案卷', 'Merged into this'],
  follows: ['前续案卷', 'Follows'], followed_by: ['后续案卷', 'Followed by'], enforcement_no: ['执法案号', 'Enforcement number'], enforcement_step: ['执法进度', 'Enforcement step'], replied_at: ['已回复', 'Replied'], satisfaction: ['满意度', 'Satisfaction'], appeal: ['申诉', 'Appeal'],
  supervisions: ['督办次数', 'Supervisions'], urges: ['催办次数', 'Urges'], instructions: ['批示次数', 'Instructions'], late_stages: ['超时环节', 'Late stages'], stage_due_at: ['本环节截止', 'This stage due'], made_safe_at: ['隐患消除', 'Made safe'], assisting: ['协办', 'Assisting'], verify_result: ['核实结果', 'Verification'],
  upstream: ['上级编号', 'Upstream number'], delivery: ['任务送达', 'Delivery'], delivered: ['设备已收到', 'received by a device'], delivering: ['正在送达', 'on its way'], not_delivered: ['超时未送达', 'not received in time'],
  escalated: ['超时未送达', 'Not received in time'], closed_at: ['结束时间', 'Ended'],
  spent: ['上一步用时 {t}', 'step before took {t}'], so_far: ['已 {t}', '{t} so far'], by_system: ['系统', 'System'], who_role: ['{who}（{role}）', '{who} ({role})'],
  photo_pending: ['照片待上传', 'Photo not uploaded yet'], photo_failed: ['照片无法显示', 'Photo cannot be shown'], photo_open: ['放大照片：{what} {n}', 'Enlarge photo: {what} {n}'], photo_next: ['下一张', 'Next'], photo_back: ['上一张', 'Previous'], photo_of: ['{what} {n} / {all}', '{what} {n} of {all}'],
  result: ['结果', 'Result'],

  // ---- why
  why_none: ['尚未派遣，没有派遣依据。', 'Not dispatched yet.'], why_clock_none: ['尚未开始计时。', 'No clock has started.'],
  tried: ['依次查找的规则', 'Rules in the order they were tried'], route_to: ['{level} → {who}', '{level} → {who}'], route_rule: ['规则编号 {rule}', 'rule {rule}'],
  r_no_component: ['未关联部件', 'no component given'], r_no_rule: ['没有规则', 'no rule'], r_hit: ['命中 {rule} → {who}', 'rule {rule} → {who}'], r_named: ['{by} 指定 {who}', '{by} named {who}'],
  r_gone: ['规则 {rule} 所指的部门或中队不存在', 'rule {rule} names a unit or squad that is not there'], r_disagree: ['规则 {a} 与 {b} 不一致，由人工决定', 'rules {a} and {b} disagree: a person decides'],
  d_limit: ['时限', 'Limit'], d_clock: ['计时方式', 'Clock'], d_calendar: ['工作日历', 'Calendar'], d_from: ['起算', 'Runs from'], d_start_left: ['起算时剩余', 'Left then'], d_due: ['处置截止', 'Due'], d_warn: ['黄灯', 'Yellow from'], d_now: ['现在', 'Now'],
  d_handed: ['{t} 反馈，{how}', 'handed over {t}, {how}'], d_stopped: ['暂停计时，剩余 {t}', 'stopped with {t} left'], d_stopped_late: ['暂停计时，已超 {t}', 'stopped, {t} late'],

  // ---- forms
  f_reason: ['原因', 'Reason'], f_opinion: ['意见', 'Opinion'], f_result: ['结果', 'Result'], f_photos: ['照片', 'Photos'], f_unit: ['处置单位', 'Unit'], f_squad: ['中队', 'Squad'], f_holder: ['办理人', 'Holder'],
  f_condition: ['立案条件', 'Filing condition'], f_closing_condition: ['结案条件', 'Closing condition'], f_category: ['类别', 'Category'], f_address: ['地址', 'Address'], f_lon: ['经度', 'Longitude'], f_lat: ['纬度', 'Latitude'],
  f_component_id: ['部件编号', 'Component'], f_check_mode: ['核查方式', 'Check mode'], f_text: ['备注', 'Note'], f_at: ['发生时间', 'Time'], f_version: ['版本', 'Version'], f_command_id: ['命令编号', 'Command id'], f_epoch: ['派发次序', 'Epoch'],
  f_until: ['截止到', 'Until'], f_assist: ['协办单位', 'Assisting units'], f_request_id: ['申请', 'Request'], f_into: ['主案卷案号', 'Master case number'], f_number: ['文号', 'Number'], f_satisfaction: ['满意度', 'Satisfaction'], f_milestone: ['执法进度', 'Enforcement step'],
  choose: ['请选择', 'Choose'], by_rule: ['按派遣规则', 'By the rules'], not_named: ['不指定', 'Not named'], into_help: ['疑似重复的案件可直接选', 'Possible twins are offered'], unchanged: ['不改', 'Unchanged'], default_one: ['按目录默认', 'The catalogue\'s default'], required: ['必填', 'required'], optional: ['选填', 'optional'],
  category_help: ['输入编号或名称查找', 'Type a code or a name'], category_bad: ['请从列表中选择类别', 'Choose a category from the list'], phrases: ['常用', 'Often used'],
  add_photo: ['拍照或选图', 'Take or choose a photo'], more_photo: ['再拍一张', 'One more photo'], upload_busy: ['正在上传 {n} 张…', 'Uploading {n}…'], upload_failed: ['照片上传失败：{why}', 'Upload failed: {why}'], remove_photo: ['移除照片 {n}', 'Remove photo {n}'],
  photos_needed: ['至少要 {n} 张照片', 'At least {n} photo'], photo_first: ['先拍照，再填写', 'Photo first, then the form'], field_needed: ['请填写：{what}', 'Please fill in: {what}'],
  sent: ['已办理：{what}', 'Done: {what}'], refused: ['不能办理：{why}', 'Refused: {why}'],
  stale: ['已被他人抢先办理：{who} 于 {when} {what}。已载入最新内容，请核对后再提交。', 'Somebody was faster: {who} at {when}: {what}. The newest state is loaded; check and submit again.'],
  stale_plain: ['案件已有变化，已载入最新内容，请核对后再提交。', 'The case has changed. The newest state is loaded; check and submit again.'],
  away: ['系统暂时无法办理，什么都没有改变。可重试。', 'The system is away; nothing was changed. You can try again.'], unknown: ['没有收到结果，可能已经办理。再试不会重复办理。', 'No answer came; it may have been done. Trying again never does it twice.'],

  // ---- the closure table
  closure: ['结案统计', 'Closure table'], month: ['月份', 'Month'], month_back: ['上月', 'Month before'], month_next: ['下月', 'Month after'], by: ['分组', 'By'], by_district: ['全区', 'District'], by_street: ['街道', 'Street'], by_unit: ['处置单位', 'Unit'], by_squad: ['中队', 'Squad'], by_class: ['大类', 'Class'], by_source: ['来源', 'Source'],
  c_name: ['名称', 'Name'], c_filed: ['立案', 'Filed'], c_dispatched: ['派遣', 'Dispatched'], c_due: ['应结案', 'Due'], c_carried_over: ['其中上期结转', 'Carried over'], c_closed: ['结案', 'Closed'], c_closed_on_time: ['按期结案', 'On time'],
  c_closure_rate: ['结案率%', 'Closure %'], c_on_time_closure_rate: ['按期结案率%', 'On time %'], c_rework_rate: ['返工率%', 'Rework %'], c_extension_rate: ['延期率%', 'Extension %'], c_awaiting_check: ['待核查', 'Awaiting check'],
  c_in_enforcement: ['执法中', 'Enforcement'], c_open_at_end: ['期末在办', 'Open at end'], c_reworked: ['返工', 'Reworked'], total: ['合计', 'Total'], unnamed: ['未派遣', 'None'],
  as_of: ['读数时刻 {t}', 'Read at {t}'], month_runs: ['本月未结束，数字还会变', 'The month still runs; figures will change'], basis: ['统计口径', 'What is counted'], closure_list: ['结案统计明细：{what}', 'Cases behind the figure: {what}'], back_table: ['返回统计表', 'Back to the table'],
  export_csv: ['导出 CSV', 'CSV'], export_xlsx: ['导出 Excel', 'Excel'], export_name: ['{month}结案率_按{by}', 'closure-{month}-{by}'], export_month: ['{y}年{m}月', '{y}-{m}'], empty_month: ['这个月没有可统计的案件', 'Nothing to count in this month'], empty_month_help: ['换一个月份或分组再看。', 'Choose another month or grouping.'], closure_help: ['每个数字都可点开，列出它所数的案件。', 'Every figure opens into the cases it counts.'],

  // ---- the squad's page
  task_new: ['新任务：{what}', 'New task: {what}'], withdrawn: ['任务已收回：{n}', 'Task withdrawn: {n}'], task_gone: ['这项任务已由他人完成或收回，您填写的内容不会提交。', 'This task was finished by a colleague or withdrawn; what you filled in will not be sent.'], task_gone_ok: ['知道了', 'All right'],
  empty_tasks: ['现在没有任务', 'No task for you now'], empty_tasks_help: ['新任务会自动出现在这里，请保持页面打开。', 'New tasks appear here by themselves; keep this page open.'], count_open: ['{n} 项任务，按截止时间排列', '{n} tasks, by deadline'],
  details: ['办理过程与依据', 'Timeline and reasons'], navigate: ['导航', 'Navigate'], navigate_to: ['导航到 {what}', 'Navigate to {what}'], other_steps: ['其他操作', 'Other steps'], no_step: ['暂时没有要您办的步骤', 'No step for you now'],
  wrong_page_squad: ['这里是处置和核实人员的页面。', 'This page is for squads and patrollers.'], to_console: ['打开指挥台', 'Open the console'], receipts_wait: ['{n} 项任务的送达回执还没有发出，正在重试', '{n} receipts not sent yet; retrying'],

  // ---- keys
  help: ['快捷键', 'Shortcuts'], help_key: ['快捷键 ?', 'Shortcuts ?'], k_move: ['上下移动', 'Move up and down'], k_open: ['打开选中的案件', 'Open the marked case'], k_next: ['打开下一件轮到我的案件', 'Open the next case that waits for me'], k_back: ['返回：关表单、关案件', 'Step back: close form, then case'],
  k_search: ['搜索', 'Search'], k_fresh: ['显示新增或变动', 'Show what is new'], k_act: ['办理第 1–9 个可办事项', 'Start step 1–9 of the case'], k_photo: ['照片前后翻', 'Through the photos'], k_views: ['案件列表 / 结案统计', 'Cases / closure table'], k_help: ['显示本说明', 'Show this'],
};
