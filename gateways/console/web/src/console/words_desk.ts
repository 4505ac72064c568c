// The words of the desk's own records, [Chinese, English]: handovers, who looks at a case, views for everybody, the bell.
import { addWords } from '../core/i18n';

export const DESK_WORDS: Record<string, readonly [string, string]> = {
  // ---- handover
  handover: ['交接班', 'Handover'],
  handover_help: ['每班一份，交班、接班两位值班长先后签字；签字后不可更改。', 'One a shift, signed by both shift leaders in turn; what is signed stays.'],
  ho_shifts: ['最近班次', 'Last shifts'],
  ho_red: ['有 {n} 个班次没有完成交接', '{n} shifts were never handed over'],
  ho_missing: ['未交接', 'No handover'],
  ho_opened: ['待交班签字', 'To be signed'],
  ho_signed_out: ['待接班签字', 'Awaits the second signature'],
  ho_complete: ['已交接', 'Handed over'],
  ho_running: ['本班', 'This shift'],
  ho_begin: ['开始交接', 'Open handover'],
  ho_show: ['查看', 'Show'],
  ho_none: ['还没有交接班记录', 'No handover yet'],
  ho_record: ['交接班记录 第 {n} 号', 'Handover no. {n}'],
  ho_read_at: ['取数时刻 {t}，由 {who} 开始', 'Read at {t}, opened by {who}'],
  ho_renew: ['重新取数', 'Read anew'],
  ho_open: ['在办', 'Open'],
  ho_undelivered: ['任务未送达', 'Undelivered tasks'],
  ho_asked: ['待批申请', 'Requests waiting'],
  ho_list_red: ['红灯案件', 'Red cases'],
  ho_list_soon: ['下一班内将转红灯', 'Red before the next shift ends'],
  ho_promises: ['承诺回复', 'Promised replies'],
  ho_orders: ['在效督办与批示', 'Orders in force'],
  ho_plans: ['生效中的应急预案', 'Emergency plans in force'],
  ho_nothing: ['无', 'None'],
  ho_over: ['已过', 'over'],
  ho_until: ['至 {t}', 'until {t}'],
  ho_cut: ['另有 {n} 件未列出', '{n} more not listed'],
  ho_notes: ['交班备注', 'Notes'],
  ho_save: ['保存备注', 'Save notes'],
  ho_saved: ['备注已保存', 'Notes saved'],
  ho_sign_out: ['交班签字', 'Sign: hand over'],
  ho_sign_in: ['接班签字', 'Sign: take over'],
  ho_remark: ['接班意见（可不填）', 'Remark (optional)'],
  ho_sure: ['签字后内容不可更改。', 'What is signed cannot be changed.'],
  ho_signed: ['已签字', 'Signed'],
  ho_out_by: ['交班', 'Handed over by'],
  ho_in_by: ['接班', 'Taken over by'],
  ho_wait: ['未签', 'not signed'],
  ho_digest: ['签字内容摘要', 'Digest of what was signed'],
  ho_intact: ['与签字时一致', 'as it was signed'],
  ho_broken: ['与签字时不一致', 'not as it was signed'],
  ho_print: ['打印', 'Print'],
  ho_xlsx: ['导出 Excel', 'Excel'],
  ho_file: ['交接班_{n}', 'handover-{n}'],

  // ---- who looks at a case
  also_here: ['也在看：{who}', 'Also here: {who}'],
  works_on_it: ['{who} 正在处理', '{who} is working on it'],
  taken_from: ['{who} 从 {from} 接手：{why}', '{who} took over from {from}: {why}'],
  take_over: ['接手', 'Take over'],
  take_over_why: ['接手理由', 'Why you take over'],

  // ---- views for everybody
  view_share: ['所有人可见', 'For everybody'],
  view_pin: ['置顶视图 {name}', 'Pin view {name}'],
  view_unpin: ['取消置顶 {name}', 'Unpin view {name}'],
  view_of: ['{who} 共享', 'shared by {who}'],
  view_failed: ['视图没有存上：{why}', 'The view was not saved: {why}'],

  // ---- the bell
  bell_blocked: ['提示音：先点一下页面才能响', 'Sound: click the page once first'],
  bell_muted: ['提示音：静音到 {t}', 'Sound: muted until {t}'],
  bell_menu: ['提示音设置', 'Sound settings'],
  bell_volume: ['音量', 'Volume'],
  bell_mute: ['静音 {n} 分钟', 'Mute {n} minutes'],
  bell_unmute: ['取消静音', 'Unmute'],
  bell_try: ['试听', 'Try it'],
  bell_notify: ['桌面通知', 'Desktop notifications'],
  bell_denied: ['浏览器已拒绝桌面通知', 'The browser refuses notifications'],
  note_urgent: ['有新的紧急案件', 'A new urgent case'],
  note_red: ['{n} 件新转红灯', '{n} turned red'],
  note_undelivered: ['有任务未送达', 'A task reached no device'],

  // ---- taking a call
  f_promise: ['承诺回复时限', 'Reply promised until'],
  promise_hours: ['{n} 小时内', 'within {n} h'],
  promise_failed: ['案件已登记，但承诺回复时限没有存上，请重试', 'Taken down, but the promised time was not saved; try again'],
  earlier: ['该地点已有的案件', 'Cases at this place already'],
  take_place: ['取此位置', 'Take this place'],
  k_send: ['提交打开的表单', 'Send the open form'],
  k_handover: ['到交接班', 'To the handover'],
  k_map: ['到地图', 'To the map'],

  // ---- without a line
  line_cut: ['连接中断，现在不能提交；已填写的内容保留，恢复后可继续', 'No connection: nothing can be sent now. What you typed stays; go on when it is back'],

  // ---- photos
  far_off: ['相距 {n} 米', '{n} m away'],
  far_off_help: ['核查位置与上报位置', 'between the check and the report'],
  last_reasons: ['最近用过', 'Used lately'],
};
addWords(DESK_WORDS);
