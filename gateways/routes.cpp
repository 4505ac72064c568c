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

constexpr std::size_t kBody = 64 * 1024, kMedia = 100ull << 20, kRuleSet = 4ull << 20, kTemplate = 10ull << 20;

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
Roles supervisors() { return {Role::evaluator, Role::inspector, Role::leader, Role::auditor}; }

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
  using console::HotlineDoor; using console::PublicationDoor; using console::HandoverDoor; using console::DeskDoor;
  auto const only = Access::roles; auto const any = Access::any_role; auto const open = Access::public_;
  auto const here = Where::inline_; auto const worker = Where::worker; auto const heavy = Where::heavy;
  return {
    // method  path                                           access who                    body    audit       where   what it is (zh, en)
    {"POST", "/api/v1/reports",                               only, reporters(),            kBody,  "write",    here,   "上报", "Report a problem",                          call(d.reports, &ReportDoor::post), {}},
    {"GET",  "/api/v1/reports/{report_id}",                   only, reporters(),            kBody,  "none",     here,   "查看本人上报", "One's own report",                     call(d.reports, &ReportDoor::get), {}},
    {"POST", "/api/v1/media",                                 any,  {},                     kMedia, "write",    heavy,  "上传照片、音视频", "Upload a photo, sound or film",     call(d.media, &MediaDoor::post), {}},
    {"GET",  "/api/v1/media/{media_id}",                      any,  {},                     kBody,  "read",     worker, "读取媒体文件", "Read a media file",                    call(d.media, &MediaDoor::get), {}},

    {"GET",  "/api/v1/cases",                                 only, case_readers(),         kBody,  "read",     worker, "案卷列表", "List cases",                               call(d.cases, &CaseDoor::list), {}},
    {"GET",  "/api/v1/cases/counts",                          only, case_readers(),         kBody,  "none",     worker, "各状态案卷数", "Cases by state and light",             call(d.cases, &CaseDoor::counts), {}},
    {"GET",  "/api/v1/cases/{case_no}",                       only, case_readers(),         kBody,  "personal", worker, "案卷", "A case",                                       call(d.cases, &CaseDoor::get), {}},
    {"GET",  "/api/v1/cases/{case_no}/history",               only, case_readers(),         kBody,  "read",     worker, "办理经过", "Its timeline",                             call(d.cases, &CaseDoor::history), {}},
    {"GET",  "/api/v1/cases/{case_no}/explain",               only, case_readers(),         kBody,  "read",     worker, "派遣与时限的依据", "Why routed so, how the deadline came about", call(d.cases, &CaseDoor::explain), {}},
    {"POST", "/api/v1/cases/{case_no}/actions/{action}",      any,  {},                     kBody,  "write",    here,   "办理", "Act on a case",                                call(d.cases, &CaseDoor::act), {}},

    {"POST", "/api/v1/hotline-orders",                        only, order_desk(),           kBody,  "write",    here,   "接收热线工单", "A hotline order comes in",               call(d.hotline, &HotlineDoor::post), {}},
    {"GET",  "/api/v1/hotline-orders",                        only, order_readers(),        kBody,  "read",     worker, "热线工单列表", "Hotline orders",                         call(d.hotline, &HotlineDoor::list), {}},
    {"GET",  "/api/v1/hotline-orders/{order_no}",             only, order_readers(),        kBody,  "personal", worker, "热线工单", "A hotline order",                            call(d.hotline, &HotlineDoor::get), {}},
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
    {"GET",  "/api/v1/me",                                    any,  {},                     kBody,  "none",     here,   "当前账号", "Who am I",                                 call(d.standing, &StandingDoor::me), {}},

    {"GET",  "/api/v1/openapi.json",                          open, {},                     kBody,  "none",     here,   "接口描述", "This description",                         call(d.pages, &PageDoor::openapi), {}},
    {"GET",  "/api/docs",                                     open, {},                     kBody,  "none",     here,   "接口一览", "The API as a page",                        call(d.pages, &PageDoor::docs), {}},
    {"GET",  "/",                                             open, {},                     kBody,  "none",     here,   "指挥席页面", "The console",                            page(d.pages, "index.html"), {}},
    {"GET",  "/squad",                                        open, {},                     kBody,  "none",     here,   "中队页面", "The squad's page",                         page(d.pages, "squad.html"), {}},
    {"GET",  "/print/closure",                                open, {},                     kBody,  "none",     here,   "打印结案统计表", "The closure table to print",         page(d.pages, "index.html"), {}},
    {"GET",  "/sw.js",                                        open, {},                     kBody,  "none",     here,   "手机页面的离线脚本", "The phones' service worker",      page(d.pages, "sw.js"), {}},
    {"GET",  "/assets/{file}",                                open, {},                     kBody,  "none",     here,   "页面文件", "Files of the pages",                       call(d.pages, &PageDoor::asset), {}},
    {"GET",  "/metrics",                                      open, {},                     kBody,  "none",     here,   "运行指标", "Metrics for Prometheus",                   call(d.pages, &PageDoor::metrics), {}},
    {"GET",  "/healthz",                                      open, {},                     kBody,  "none",     here,   "进程存活", "The process lives",                        call(d.pages, &PageDoor::healthz), {}},
    {"GET",  "/readyz",                                       open, {},                     kBody,  "none",     here,   "能否受理上报", "Whether reports can be accepted",      call(d.pages, &PageDoor::readyz), {}},
  };
}
// clang-format on

}  // namespace wangge::gateway
