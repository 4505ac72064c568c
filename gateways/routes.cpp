// The table. A row without access, audit class or handler does not start (http::Server checks it).
#include "gateways/routes.hpp"

#include "gateways/patrol/report_form.hpp"

namespace wangge::gateway {
namespace {

using core::Role;
using http::Access;
using http::Reply;
using http::Request;
using http::Where;
using Roles = std::vector<Role>;

constexpr std::size_t kSmall = 4 * 1024, kBody = 64 * 1024, kMedia = 100ull << 20, kRuleSet = 4ull << 20, kTemplate = 10ull << 20;

Roles reporters() {
  auto const all = patrol::reporting_roles();
  return {all.begin(), all.end()};
}

Roles case_readers() {
  auto const all = doors::case_readers();
  return {all.begin(), all.end()};
}

// The city's master data: whoever works for it. Apps and sensors that only report need the catalogue, no more.
Roles staff() {
  Roles all;
  for (auto const& role : core::kRoles)
    if (role.role != Role::reporter && role.role != Role::system) all.push_back(role.role);
  return all;
}

Roles task_holders() { return {Role::patroller, Role::patrol_lead, Role::squad_leader, Role::disposer, Role::unit_clerk,
                              Role::unit_head}; }

Roles statistics_readers() {
  return {Role::acceptor,  Role::shift_leader, Role::dispatch_officer, Role::unit_clerk, Role::unit_head,
          Role::coordinator, Role::evaluator, Role::inspector, Role::leader, Role::auditor};
}

// Who works on or by the rules; and who may try changed ones (CONTRACT 5: the catalogue's administrator and who decides).
Roles rule_readers() {
  return {Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::evaluator,
          Role::inspector, Role::leader, Role::auditor, Role::catalogue_admin};
}
Roles rule_makers() { return {Role::shift_leader, Role::coordinator, Role::leader, Role::catalogue_admin}; }
// Hotline orders: who brings them in, who reads them (a unit's people their own).
Roles order_desk() { return {Role::hotline_agent, Role::acceptor, Role::shift_leader}; }
Roles order_readers() {
  return {Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::unit_clerk,
          Role::unit_head, Role::evaluator, Role::inspector, Role::leader};
}
// The center's desk: who reads its handovers, who sits at it.
Roles desk_readers() {
  return {Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::evaluator, Role::inspector, Role::leader, Role::auditor};
}
Roles shift_makers() { return {Role::coordinator, Role::leader}; }
// Whoever looks after the checkers.
// Who makes a month's figures final.
Roles sealers() { return {Role::evaluator, Role::leader}; }
Roles publishers() { return {Role::shift_leader, Role::coordinator, Role::evaluator, Role::inspector, Role::leader, Role::auditor}; }
// Who may see a reporter's name and phone, after saying why.
Roles callers_back() { return {Role::hotline_agent, Role::acceptor, Role::shift_leader}; }
Roles account_readers() { return {Role::sys_admin, Role::sec_admin, Role::auditor}; }
Roles plan_switchers() { return {Role::shift_leader, Role::coordinator, Role::leader}; }
Roles supervisors() { return {Role::evaluator, Role::inspector, Role::leader, Role::auditor}; }

// Who patrols, and who looks after the patrols: duty and roll-calls.
Roles patrols() { return {Role::patroller, Role::patrol_lead}; }
Roles callers() { return {Role::patrol_lead, Role::shift_leader, Role::evaluator, Role::inspector, Role::leader}; }
Roles patrols_and_callers() { return {Role::patroller, Role::patrol_lead, Role::shift_leader, Role::evaluator, Role::inspector, Role::leader, Role::auditor}; }

// Whoever works by a campaign and may see who went where.
Roles point_readers() { return {Role::patroller, Role::patrol_lead, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::evaluator, Role::inspector, Role::leader, Role::auditor}; }

// A row's handler is a method of a door.
template <class Door>
auto call(Door& door, void (Door::*method)(Request, Reply)) {
  return [&door, method](Request request, Reply reply) { (door.*method)(std::move(request), std::move(reply)); };
}

template <class Door>
auto call(Door& door, void (Door::*method)(Request, Reply) const) {
  return [&door, method](Request request, Reply reply) { (door.*method)(std::move(request), std::move(reply)); };
}

auto page(console::PageDoor& door, char const* file) {
  return [&door, file](Request request, Reply reply) { door.page(file, request, reply); };
}

template <class Door>
auto live(Door& door, void (Door::*method)(Request, std::shared_ptr<http::Stream>)) {
  return [&door, method](Request request, std::shared_ptr<http::Stream> stream) {
    (door.*method)(std::move(request), std::move(stream));
  };
}

}  // namespace

// clang-format off
std::vector<http::Route> routes(DoorSet const& d) {
  using patrol::MediaDoor; using patrol::ReportDoor; using squad::TaskDoor; using console::CaseDoor;
  using console::StatisticsDoor; using console::StandingDoor; using console::RulesDoor; using console::PageDoor;
  using console::HotlineDoor; using console::PublicationDoor; using console::SheetDoor; using console::SupervisionDoor; using console::ManageDoor; using console::AttendanceDoor; using console::MapDoor; using console::PublicDoor;
  using console::HandoverDoor; using console::DeskDoor; using console::PhotoDoor; using console::SuggestionDoor; using patrol::UploadDoor;
  using sessions::SessionDoor; using sessions::AccountDoor; using sessions::AuditDoor; using sessions::OidcDoor;
  auto const only = Access::roles; auto const any = Access::any_role; auto const open = Access::public_;
  auto const here = Where::inline_; auto const worker = Where::worker; auto const heavy = Where::heavy;
  return {
    // method  path                                           access who                    body    audit       where   what it is (zh, en)
    {"POST", "/api/v1/reports",                               only, reporters(),            kBody,  "write",    here,   "上报", "Report a problem",                          call(d.reports, &ReportDoor::post), {}},
    {"GET",  "/api/v1/reports/{report_id}",                   only, reporters(),            kBody,  "none",     here,   "查看本人上报", "One's own report",                     call(d.reports, &ReportDoor::get), {}},
    {"POST", "/api/v1/media",                                 any,  {},                     kMedia, "write",    heavy,  "上传照片、音视频", "Upload a photo, sound or film",     call(d.media, &MediaDoor::post), {}},
    {"GET",  "/api/v1/media/{media_id}",                      any,  {},                     kBody,  "read",     worker, "读取媒体文件", "Read a media file",                    call(d.media, &MediaDoor::get), {}},
    {"GET",  "/api/v1/media/{media_id}/facts",                any,  {},                     kBody,  "read",     worker, "媒体的拍摄与接收信息", "When and how a medium was taken",  call(d.media, &MediaDoor::facts), {}},
    {"OPTIONS", "/api/v1/uploads",                            open, {},                     kBody,  "none",     here,   "断点续传能力（tus）", "What resumable uploads can do (tus)", call(d.uploads, &UploadDoor::options), {}},
    {"POST", "/api/v1/uploads",                               any,  {},                     kBody,  "write",    heavy,  "开始断点续传", "Begin a resumable upload",               call(d.uploads, &UploadDoor::create), {}},
    {"GET",  "/api/v1/uploads/{upload_id}",                   any,  {},                     kBody,  "none",     heavy,  "断点续传进度", "How far an upload has come",             call(d.uploads, &UploadDoor::look), {}},
    {"PATCH", "/api/v1/uploads/{upload_id}",                  any,  {},                     kMedia, "write",    heavy,  "续传一段", "The next piece of an upload",                call(d.uploads, &UploadDoor::append), {}},
    {"DELETE", "/api/v1/uploads/{upload_id}",                 any,  {},                     kBody,  "write",    heavy,  "取消断点续传", "End an upload",                          call(d.uploads, &UploadDoor::end), {}},

    {"POST", "/api/v1/duty/on",                               only, patrols(),              kBody,  "admin",    worker, "上岗", "On duty",                                        call(d.attendance, &AttendanceDoor::on), {}},
    {"POST", "/api/v1/duty/off",                              only, patrols(),              kBody,  "admin",    worker, "下岗", "Off duty",                                       call(d.attendance, &AttendanceDoor::off), {}},
    {"GET",  "/api/v1/duty",                                  only, patrols_and_callers(),  kBody,  "none",     worker, "在岗状态与今日排班", "Who is on duty, and today's roster", call(d.attendance, &AttendanceDoor::people), {}},
    {"GET",  "/api/v1/duty/marks",                            only, patrols_and_callers(),  kBody,  "read",     worker, "上下岗记录", "Marks of on and off duty",                 call(d.attendance, &AttendanceDoor::marks), {}},
    {"GET",  "/api/v1/duty/grids",                            only, patrols(),              kBody,  "none",     worker, "本人今日责任网格的单元网格", "Cells of one's roster of today", call(d.attendance, &AttendanceDoor::cells), {}},
    {"GET",  "/api/v1/duty/coverage",                         only, patrols_and_callers(),  kBody,  "read",     heavy,  "每日出勤与网格覆盖", "Attendance and cells walked, by day", call(d.attendance, &AttendanceDoor::coverage), {}},
    {"GET",  "/api/v1/duty/coverage/cells",                   only, patrols_and_callers(),  kBody,  "read",     heavy,  "每日巡查的单元网格及轨迹", "The cells of a day, with their traces", call(d.attendance, &AttendanceDoor::walked), {}},
    {"POST", "/api/v1/roll-calls",                            only, callers(),              kBody,  "admin",    worker, "点名", "Call the roll",                                  call(d.attendance, &AttendanceDoor::call), {}},
    {"GET",  "/api/v1/roll-calls",                            only, patrols_and_callers(),  kBody,  "read",     worker, "点名及应答", "Roll-calls and their answers",             call(d.attendance, &AttendanceDoor::calls), {}},
    {"POST", "/api/v1/roll-calls/{roll_call_id}/answer",      only, patrols(),              kBody,  "admin",    worker, "应答点名", "Answer a roll-call",                         call(d.attendance, &AttendanceDoor::answer), {}},

    {"GET",  "/api/v1/cases",                                 only, case_readers(),         kBody,  "read",     worker, "案卷列表", "List cases",                               call(d.cases, &CaseDoor::list), {}},
    {"GET",  "/api/v1/cases/counts",                          only, case_readers(),         kBody,  "none",     worker, "各状态案卷数", "Cases by state and light",             call(d.cases, &CaseDoor::counts), {}},
    {"GET",  "/api/v1/cases/{case_no}",                       only, case_readers(),         kBody,  "personal", worker, "案卷", "A case",                                       call(d.cases, &CaseDoor::get), {}},
    {"POST", "/api/v1/cases/{case_no}/unmask",                only, callers_back(),         kBody,  "personal", worker, "查看上报人全名和电话（须写明理由）", "Who reported it, unmasked for a reason", call(d.cases, &CaseDoor::unmask), {}},
    {"GET",  "/api/v1/cases/{case_no}/history",               only, case_readers(),         kBody,  "read",     worker, "办理经过", "Its timeline",                             call(d.cases, &CaseDoor::history), {}},
    {"GET",  "/api/v1/cases/{case_no}/explain",               only, case_readers(),         kBody,  "read",     worker, "派遣与时限的依据", "Why routed so, how the deadline came about", call(d.cases, &CaseDoor::explain), {}},
    {"GET",  "/api/v1/cases/{case_no}/suggestion",            only, {Role::dispatch_officer, Role::coordinator, Role::shift_leader}, kBody, "read", worker, "派遣建议及理由", "Whom the rules would send it to now", call(d.suggestions, &SuggestionDoor::get), {}},
    {"GET",  "/api/v1/cases/{case_no}/photos",                only, case_readers(),         kBody,  "read",     worker, "案卷照片的拍摄信息与距离", "Its photos: when, how and how far away", call(d.photos, &PhotoDoor::list), {}},
    {"POST", "/api/v1/cases/{case_no}/actions/{action}",      any,  {},                     kBody,  "write",    here,   "办理", "Act on a case",                                call(d.cases, &CaseDoor::act), {}},

    {"POST", "/api/v1/hotline-orders",                        only, order_desk(),           kBody,  "write",    here,   "接收热线工单", "A hotline order comes in",               call(d.hotline, &HotlineDoor::post), {}},
    {"GET",  "/api/v1/hotline-orders",                        only, order_readers(),        kBody,  "read",     worker, "热线工单列表", "Hotline orders",                         call(d.hotline, &HotlineDoor::list), {}},
    {"GET",  "/api/v1/hotline-orders/{order_no}",             only, order_readers(),        kBody,  "personal", worker, "热线工单", "A hotline order",                            call(d.hotline, &HotlineDoor::get), {}},
    {"POST", "/api/v1/hotline-orders/{order_no}/unmask",      only, callers_back(),         kBody,  "personal", worker, "查看来电人全名和电话（须写明理由）", "Who called, unmasked for a reason", call(d.hotline, &HotlineDoor::unmask), {}},
    {"GET",  "/api/v1/hotline-orders/{order_no}/history",     only, order_readers(),        kBody,  "read",     worker, "热线工单办理经过", "Its timeline",                       call(d.hotline, &HotlineDoor::history), {}},
    {"POST", "/api/v1/hotline-orders/{order_no}/actions/{action}", only, order_readers(),   kBody,  "write",    here,   "办理热线工单", "Act on a hotline order",                 call(d.hotline, &HotlineDoor::act), {}},

    {"GET",  "/api/v1/tasks",                                 only, task_holders(),         kBody,  "none",     worker, "本人任务", "One's open tasks",                         call(d.tasks, &TaskDoor::list), {}},
    {"GET",  "/api/v1/tasks/stream",                          only, task_holders(),         kBody,  "none",     here,   "任务推送（SSE）", "Live tasks (SSE)",                  {}, live(d.tasks, &TaskDoor::stream)},
    {"POST", "/api/v1/tasks/{task_id}/received",              only, task_holders(),         kBody,  "write",    here,   "设备已收到任务", "The device has the task",            call(d.tasks, &TaskDoor::received), {}},

    {"GET",  "/api/v1/escalations",                           only, case_readers(),         kBody,  "read",     worker, "超时升级提醒", "What clocks that ran out told one's role", call(d.cases, &CaseDoor::escalations), {}},
    {"GET",  "/api/v1/stream",                                only, case_readers(),         kBody,  "none",     here,   "案卷变动提示（SSE）", "Hints of changed cases (SSE)",  {}, live(d.standing, &StandingDoor::stream)},
    {"GET",  "/api/v1/statistics/closure",                    only, statistics_readers(),   kBody,  "read",     worker, "结案率统计表", "The closure table",                    call(d.statistics, &StatisticsDoor::closure), {}},
    {"GET",  "/api/v1/statistics/indicators",                 only, statistics_readers(),   kBody,  "read",     worker, "指标统计", "Indicators",                               call(d.statistics, &StatisticsDoor::indicators), {}},
    {"GET",  "/api/v1/statistics/suspicions",                 only, supervisors(),          kBody,  "read",     worker, "核查可疑情形", "Suspicious patterns among checks",      call(d.statistics, &StatisticsDoor::suspicions), {}},
    {"GET",  "/api/v1/statistics/evaluation",                 only, statistics_readers(),   kBody,  "read",     worker, "综合评价", "Scores and grades",                        call(d.publication, &PublicationDoor::evaluation), {}},
    {"GET",  "/api/v1/statistics/schemes",                    only, statistics_readers(),   kBody,  "none",     worker, "评价方案", "Schemes of evaluation",                    call(d.publication, &PublicationDoor::schemes), {}},
    {"GET",  "/api/v1/statistics/settlement",                 only, publishers(),           kBody,  "read",     worker, "采集月度结算", "Settlement of contracted patrols",     call(d.publication, &PublicationDoor::settlement), {}},
    {"GET",  "/api/v1/statistics/book",                       only, publishers(),           kBody,  "read",     worker, "月度统计工作簿", "The month as a workbook",            call(d.publication, &PublicationDoor::book), {}},
    {"GET",  "/api/v1/statistics/bulletin",                   only, publishers(),           kBody,  "read",     worker, "通报", "The bulletin",                                 call(d.publication, &PublicationDoor::bulletin), {}},
    {"POST", "/api/v1/statistics/bulletin",                   only, publishers(),           kTemplate, "read",  worker, "按本地模板生成通报", "The bulletin from a city's template", call(d.publication, &PublicationDoor::bulletin), {}},
    {"GET",  "/api/v1/statistics/months",                     only, statistics_readers(),   kBody,  "none",     worker, "已封存月份", "Sealed months",                          call(d.publication, &PublicationDoor::months), {}},
    {"GET",  "/api/v1/statistics/months/{month}",             only, statistics_readers(),   kBody,  "none",     worker, "月份状态：截数、申诉期、封存", "How final a month is", call(d.publication, &PublicationDoor::month), {}},
    {"POST", "/api/v1/statistics/months/{month}/seal",        only, sealers(),              kBody,  "admin",    worker, "封存月份", "Seal a month",                             call(d.publication, &PublicationDoor::seal), {}},
    {"GET",  "/api/v1/statistics/months/{month}/corrections", only, publishers(),           kBody,  "read",     worker, "封存后的更正", "What was changed of its cases after a month was sealed", call(d.publication, &PublicationDoor::corrections), {}},
    {"GET",  "/api/v1/statistics/months/{month}/verification", only, publishers(),          kBody,  "read",     worker, "核对已封存月份", "Is a sealed month what is counted now",      call(d.publication, &PublicationDoor::verification), {}},
    {"GET",  "/api/v1/print/{sheet}",                         only, case_readers(),         kBody,  "read",     worker, "打印案卷单据", "Papers of cases to print",                   call(d.sheets, &SheetDoor::print), {}},
    {"GET",  "/api/v1/grids",                                 only, staff(),                kBody,  "none",     worker, "单元网格", "Unit grids",                               call(d.standing, &StandingDoor::grids), {}},
    {"GET",  "/api/v1/components",                            only, staff(),                kBody,  "none",     worker, "管理部件", "Components",                               call(d.standing, &StandingDoor::components), {}},
    {"GET",  "/api/v1/units",                                 only, staff(),                kBody,  "none",     worker, "处置部门", "Units",                                    call(d.standing, &StandingDoor::units), {}},
    {"GET",  "/api/v1/squads",                                only, staff(),                kBody,  "none",     worker, "中队", "Squads",                                       call(d.standing, &StandingDoor::squads), {}},
    {"GET",  "/api/v1/catalogue",                             any,  {},                     kBody,  "none",     worker, "部件与事项目录", "The catalogue",                      call(d.standing, &StandingDoor::catalogue), {}},
    {"GET",  "/api/v1/closing-conditions",                    any,  {},                     kBody,  "none",     worker, "结案条件", "Closing conditions",                       call(d.rules, &RulesDoor::closing_conditions), {}},
    {"GET",  "/api/v1/components/near",                       only, staff(),                kBody,  "none",     worker, "附近部件", "Components near a point",                  call(d.rules, &RulesDoor::components_near), {}},
    {"GET",  "/api/v1/areas",                                 only, staff(),                kBody,  "none",     worker, "责任网格及其他图层", "Areas of further layers",        call(d.rules, &RulesDoor::areas), {}},
    {"GET",  "/api/v1/rules",                                 only, rule_readers(),         kBody,  "none",     worker, "派遣规则", "Rules that route cases",                   call(d.rules, &RulesDoor::rules), {}},
    {"GET",  "/api/v1/rules/findings",                        only, rule_readers(),         kBody,  "none",     worker, "规则与权责清单的问题", "What is wrong with rules and list", call(d.rules, &RulesDoor::findings), {}},
    {"POST", "/api/v1/rules/dry-run",                         only, rule_makers(),          kRuleSet, "read",   heavy,  "规则试运行", "Try changed rules on past cases",        call(d.rules, &RulesDoor::dry_run), {}},
    {"GET",  "/api/v1/responsibilities",                      only, rule_readers(),         kBody,  "none",     worker, "权责清单", "The responsibility list",                  call(d.rules, &RulesDoor::responsibilities), {}},
    {"GET",  "/api/v1/coordination",                          only, rule_readers(),         kBody,  "read",     worker, "待协调案卷", "What waits for the coordination desk",   call(d.rules, &RulesDoor::coordination), {}},
    {"GET",  "/api/v1/statistics/dispatch-accuracy",          only, statistics_readers(),   kBody,  "read",     heavy,  "准确派遣率", "Accuracy of dispatch, from returns",     call(d.rules, &RulesDoor::accuracy), {}},
    {"GET",  "/api/v1/campaigns",                             only, staff(),                kBody,  "none",     worker, "专项任务及进展", "Campaigns and what came of them",    call(d.rules, &RulesDoor::campaigns), {}},
    {"GET",  "/api/v1/campaigns/points",                      only, point_readers(),        kBody,  "none",     worker, "专项点位及走访", "Points of campaigns and the visits to them", call(d.attendance, &AttendanceDoor::points), {}},
    {"POST", "/api/v1/campaigns/{campaign}/points/{point}/visits", only, patrols(),         kBody,  "admin",    worker, "走访专项点位", "Visit a point of a campaign", call(d.attendance, &AttendanceDoor::visit), {}},
    {"GET",  "/api/v1/plans",                                 only, staff(),                kBody,  "none",     worker, "应急预案", "Emergency plans",                          call(d.rules, &RulesDoor::plans), {}},
    {"GET",  "/api/v1/versions",                              only, rule_readers(),         kBody,  "none",     worker, "基础数据版本", "Versions of the standing data",        call(d.rules, &RulesDoor::versions), {}},
    {"GET",  "/api/v1/shifts",                                only, desk_readers(),         kBody,  "none",     worker, "值班班次与交接情况", "Shifts and their handovers",       call(d.handovers, &HandoverDoor::shifts), {}},
    {"PUT",  "/api/v1/shifts",                                only, shift_makers(),         kBody,  "admin",    worker, "设置值班班次", "Set when shifts begin",                  call(d.handovers, &HandoverDoor::set_shifts), {}},
    {"GET",  "/api/v1/handovers",                             only, desk_readers(),         kBody,  "read",     worker, "交接班记录", "Handovers",                                call(d.handovers, &HandoverDoor::list), {}},
    {"POST", "/api/v1/handovers",                             only, {Role::shift_leader},   kBody,  "admin",    worker, "开始交接班", "Open a shift's handover",                  call(d.handovers, &HandoverDoor::open), {}},
    {"GET",  "/api/v1/handovers/{number}",                    only, desk_readers(),         kBody,  "read",     worker, "一次交接班", "A handover",                               call(d.handovers, &HandoverDoor::get), {}},
    {"POST", "/api/v1/handovers/{number}/notes",              only, {Role::shift_leader},   kBody,  "admin",    worker, "填写交接班备注", "Write a handover's notes",             call(d.handovers, &HandoverDoor::notes), {}},
    {"POST", "/api/v1/handovers/{number}/sign",               only, {Role::shift_leader},   kBody,  "admin",    worker, "交接班签字", "Sign a handover",                          call(d.handovers, &HandoverDoor::sign), {}},
    {"GET",  "/api/v1/views",                                 only, case_readers(),         kBody,  "none",     worker, "保存的视图及件数", "Saved views with counts",            call(d.desk, &DeskDoor::views), {}},
    {"POST", "/api/v1/views",                                 only, case_readers(),         kBody,  "write",    worker, "保存视图", "Save a view",                                call(d.desk, &DeskDoor::put_view), {}},
    {"DELETE", "/api/v1/views/{view_id}",                     only, case_readers(),         kBody,  "write",    worker, "删除视图", "Remove a saved view",                        call(d.desk, &DeskDoor::drop_view), {}},
    {"GET",  "/api/v1/presence",                              only, case_readers(),         kBody,  "none",     worker, "谁在看哪件案卷", "Who looks at which case",              call(d.desk, &DeskDoor::presence), {}},
    {"POST", "/api/v1/presence",                              only, case_readers(),         kBody,  "none",     worker, "我在看哪件案卷", "Which case I look at or work on",      call(d.desk, &DeskDoor::beat), {}},
    {"POST", "/api/v1/cases/{case_no}/takeover",              only, case_readers(),         kBody,  "admin",    worker, "接手他人正在处理的案卷", "Take over a case another works on", call(d.desk, &DeskDoor::take_over), {}},
    {"POST", "/api/v1/reports/{report_id}/promise",           only, order_desk(),           kBody,  "write",    worker, "登记承诺回复时限", "Note until when a reply was promised", call(d.desk, &DeskDoor::promise), {}},
    {"POST", "/api/v1/callers/earlier",                       only, callers_back(),         kBody,  "personal", worker, "来电人以前的上报（姓名打码）", "What a caller reported before, masked", call(d.desk, &DeskDoor::earlier), {}},
    {"GET",  "/api/v1/requests",                              only, case_readers(),         kBody,  "read",     worker, "待审批事项", "Requests that wait for a word",              call(d.supervision, &SupervisionDoor::requests), {}},
    {"GET",  "/api/v1/orders",                                only, case_readers(),         kBody,  "read",     worker, "未办结的督办和批示", "Orders from above that are not settled", call(d.supervision, &SupervisionDoor::orders), {}},
    {"GET",  "/api/v1/statistics/suspicions/looks",           only, supervisors(),          kBody,  "read",     worker, "可疑情形的查看记录", "Who looked at suspicious patterns",   call(d.supervision, &SupervisionDoor::looks), {}},
    {"POST", "/api/v1/statistics/suspicions/looks",           only, supervisors(),          kBody,  "write",    worker, "登记对可疑情形的查看", "Write down a look at a pattern",    call(d.supervision, &SupervisionDoor::look), {}},
    {"POST", "/api/v1/plans/{plan}/switch",                   only, plan_switchers(),       kBody,  "admin",    worker, "启动或解除应急预案", "Switch an emergency plan",            call(d.manage, &ManageDoor::switch_plan), {}},
    {"GET",  "/api/v1/standing/{part}",                       only, console::part_readers(), kBody, "read",     worker, "基础数据的表", "A part of the standing data as tables",     call(d.manage, &ManageDoor::part), {}},
    {"POST", "/api/v1/standing/{part}/unpack",                only, console::part_makers(), kTemplate, "none",  worker, "读取上传的表格", "A file as tables; nothing is changed",    call(d.manage, &ManageDoor::unpack), {}},
    {"POST", "/api/v1/standing/{part}/check",                 only, console::part_makers(), kTemplate, "read",  heavy,  "试算基础数据的修改", "What a change would do; nothing is changed", call(d.manage, &ManageDoor::check), {}},
    {"POST", "/api/v1/standing/{part}/publish",               only, console::part_makers(), kTemplate, "admin", heavy,  "发布基础数据的修改", "A change takes effect whole, or not at all", call(d.manage, &ManageDoor::publish), {}},
    {"GET",  "/api/v1/map",                                   only, staff(),                kBody,  "none",     worker, "地图范围、图层与底图", "How a map begins: extent, layers, base map", call(d.maps, &MapDoor::map), {}},
    {"GET",  "/api/v1/tiles/{layer}/{z}/{x}/{tile}",          only, staff(),                kBody,  "none",     worker, "矢量瓦片", "Vector tiles",                             call(d.maps, &MapDoor::tile), {}},
    {"GET",  "/api/v1/basemap/{z}/{x}/{y}",                   only, staff(),                kBody,  "none",     heavy,  "底图瓦片", "Tiles of the base map",                    call(d.maps, &MapDoor::base_map), {}},
    {"GET",  "/api/v1/statistics/today",                      only, statistics_readers(),   kBody,  "none",     worker, "今日概况", "The day so far",                           call(d.maps, &MapDoor::today), {}},
    {"GET",  "/api/v1/public",                                open, {},                     kBody,  "none",     worker, "公开查询的范围", "What is open to the public",          call(d.everybody, &PublicDoor::about), {}},
    {"GET",  "/api/v1/public/cases",                          open, {},                     kBody,  "none",     worker, "公开案卷列表", "Cases as everybody may see them",        call(d.everybody, &PublicDoor::cases), {}},
    {"GET",  "/api/v1/public/cases/{case_no}",                open, {},                     kBody,  "none",     worker, "按案卷号公开查询", "One of them by its number",          call(d.everybody, &PublicDoor::one), {}},
    {"GET",  "/api/v1/public/cases.csv",                      open, {},                     kBody,  "none",     worker, "公开案卷数据（CSV）", "Them all as open data (CSV)",      call(d.everybody, &PublicDoor::table), {}},
    {"GET",  "/api/v1/public/streets",                        open, {},                     kBody,  "none",     worker, "街道轮廓（GeoJSON）", "Outlines of the streets (GeoJSON)", call(d.everybody, &PublicDoor::streets), {}},

    {"GET",  "/api/v1/session",                               open, {},                     kBody,  "none",     here,   "登录方式", "How one may sign in",                      call(d.sessions, &SessionDoor::ways), {}},
    {"POST", "/api/v1/session",                               open, {},                     kSmall, "write",    here,   "登录", "Sign in",                                      call(d.sessions, &SessionDoor::post), {}},
    {"DELETE", "/api/v1/session",                             any,  {},                     kBody,  "write",    here,   "退出登录", "Sign out",                                 call(d.sessions, &SessionDoor::remove), {}},
    {"GET",  "/api/v1/session/oidc/start",                    open, {},                     kBody,  "none",     here,   "转到统一身份认证", "On to the city's sign-on",         call(d.oidc, &OidcDoor::start), {}},
    {"GET",  "/api/v1/session/oidc/callback",                 open, {},                     kBody,  "write",    here,   "从统一身份认证返回", "Back from the city's sign-on",   call(d.oidc, &OidcDoor::callback), {}},
    {"GET",  "/api/v1/me",                                    any,  {},                     kBody,  "none",     here,   "当前账号", "Who am I",                                 call(d.sessions, &SessionDoor::me), {}},
    {"POST", "/api/v1/me/password",                           any,  {},                     kSmall, "write",    here,   "修改本人密码", "Change one's password",                call(d.accounts, &AccountDoor::password), {}},
    {"POST", "/api/v1/me/totp",                               any,  {},                     kSmall, "write",    here,   "申请动态验证码密钥", "A key for one-time codes",       call(d.accounts, &AccountDoor::totp_offer), {}},
    {"POST", "/api/v1/me/totp/confirm",                       any,  {},                     kSmall, "write",    here,   "启用动态验证码", "Take up one-time codes",             call(d.accounts, &AccountDoor::totp_confirm), {}},
    {"POST", "/api/v1/me/totp/remove",                        any,  {},                     kSmall, "write",    here,   "停用动态验证码", "Give up one-time codes",             call(d.accounts, &AccountDoor::totp_remove), {}},
    {"GET",  "/api/v1/me/sessions",                           any,  {},                     kBody,  "none",     worker, "本人的登录", "One's own sessions",                     call(d.accounts, &AccountDoor::my_sessions), {}},
    {"DELETE", "/api/v1/me/sessions",                         any,  {},                     kBody,  "write",    worker, "结束本人其他登录", "End one's other sessions",         call(d.accounts, &AccountDoor::end_others), {}},
    {"DELETE", "/api/v1/me/sessions/{session_id}",            any,  {},                     kBody,  "write",    worker, "结束本人的一个登录", "End one of one's sessions",      call(d.accounts, &AccountDoor::end_mine), {}},
    {"GET",  "/api/v1/accounts",                              only, account_readers(),      kBody,  "read",     worker, "账号列表", "Accounts",                                 call(d.accounts, &AccountDoor::list), {}},
    {"POST", "/api/v1/accounts",                              only, {Role::sys_admin},      kSmall, "write",    here,   "新增账号或岗位", "Make an account, or add a post",     call(d.accounts, &AccountDoor::add), {}},
    {"POST", "/api/v1/accounts/{name}/actions/{action}",      only, {Role::sys_admin, Role::sec_admin}, kSmall, "write", here, "停用、启用、重置密码、结束登录", "Shut, open, give a new password, end sessions", call(d.accounts, &AccountDoor::act), {}},
    {"GET",  "/api/v1/accounts/{name}/sessions",              only, account_readers(),      kBody,  "read",     worker, "账号的登录", "An account's sessions",                  call(d.accounts, &AccountDoor::sessions), {}},
    {"GET",  "/api/v1/audit",                                 only, {Role::auditor},        kBody,  "read",     worker, "审计日志", "The audit log",                            call(d.audit, &AuditDoor::list), {}},

    {"GET",  "/api/v1/openapi.json",                          open, {},                     kBody,  "none",     here,   "接口描述", "This description",                         call(d.pages, &PageDoor::openapi), {}},
    {"GET",  "/api/docs",                                     open, {},                     kBody,  "none",     here,   "接口一览", "The API as a page",                        call(d.pages, &PageDoor::docs), {}},
    {"GET",  "/",                                             open, {},                     kBody,  "none",     here,   "指挥席页面", "The console",                            page(d.pages, "index.html"), {}},
    {"GET",  "/squad",                                        open, {},                     kBody,  "none",     here,   "中队页面", "The squad's page",                         page(d.pages, "squad.html"), {}},
    {"GET",  "/patrol",                                       open, {},                     kBody,  "none",     here,   "监督员页面", "The patroller's page",                     page(d.pages, "patrol.html"), {}},
    {"GET",  "/wall",                                         open, {},                     kBody,  "none",     here,   "大屏页面", "The wall",                                 page(d.pages, "wall.html"), {}},
    {"GET",  "/public",                                       open, {},                     kBody,  "none",     here,   "公众页面", "The public's page",                        page(d.pages, "public.html"), {}},
    {"GET",  "/m/{code}",                                     open, {},                     kBody,  "none",     here,   "单据二维码的短链接", "The short link of a code on paper",        call(d.pages, &PageDoor::short_link), {}},
    {"GET",  "/print/{what}",                                 open, {},                     kBody,  "none",     here,   "打印统计表和案卷单据", "Tables and papers to print",                  page(d.pages, "index.html"), {}},
    {"GET",  "/sw.js",                                        open, {},                     kBody,  "none",     here,   "手机页面的离线脚本", "The phones' service worker",      page(d.pages, "sw.js"), {}},
    {"GET",  "/assets/{file}",                                open, {},                     kBody,  "none",     here,   "页面文件", "Files of the pages",                       call(d.pages, &PageDoor::asset), {}},
    {"GET",  "/metrics",                                      open, {},                     kBody,  "none",     here,   "运行指标", "Metrics for Prometheus",                   call(d.pages, &PageDoor::metrics), {}},
    {"GET",  "/healthz",                                      open, {},                     kBody,  "none",     here,   "进程存活", "The process lives",                        call(d.pages, &PageDoor::healthz), {}},
    {"GET",  "/readyz",                                       open, {},                     kBody,  "none",     here,   "能否受理上报", "Whether reports can be accepted",      call(d.pages, &PageDoor::readyz), {}},
  };
}
// clang-format on

}  // namespace wangge::gateway
