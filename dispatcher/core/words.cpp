// Names of the actions with the fields their bodies take, and every reason for which the city says no.
#include <algorithm>

#include "dispatcher/core/lifecycle.hpp"

namespace wangge::core {

namespace {

constexpr FieldSpec kReason{"reason", "text", true};
constexpr FieldSpec kMaybeReason{"reason", "text"};
constexpr FieldSpec kOpinion{"opinion", "text"};
constexpr FieldSpec kPhotos{"photos", "photos", true};
constexpr FieldSpec kMaybePhotos{"photos", "photos"};
constexpr FieldSpec kCheckMode{"check_mode", "choice", false, "on_site|photo|video"};

constexpr std::array<FieldSpec, 0> kNothing{};
constexpr std::array kReasonOnly{kReason};
constexpr std::array kMaybeReasonOnly{kMaybeReason};
constexpr std::array kOpinionOnly{kOpinion};
constexpr std::array kVerify{FieldSpec{"result", "choice", true, "exist|not_exist|unable"}, kPhotos, kMaybeReason,
                             kOpinion};
constexpr std::array kFile{FieldSpec{"condition", "code"}};
constexpr FieldSpec kUntil{"until", "time", true};
constexpr FieldSpec kMaybeUntil{"until", "time"};
// The coordination desk may make its decision a rule for cases to come, until a day if it names one.
constexpr FieldSpec kAsRule{"as_rule", "choice", false, "grid|street|district"};
constexpr std::array kDispatch{FieldSpec{"unit", "code"}, FieldSpec{"squad", "code"}, FieldSpec{"assist", "codes"},
                               kOpinion, kAsRule, kMaybeUntil};
constexpr std::array kApproveReturn{FieldSpec{"unit", "code"}, FieldSpec{"squad", "code"}, kOpinion, kAsRule, kMaybeUntil};
constexpr std::array kPause{kReason, kUntil, kMaybePhotos};
constexpr std::array kExtend{kReason, kMaybePhotos};
constexpr std::array kSupervise{kReason, kMaybeUntil};
constexpr std::array kInstruct{FieldSpec{"text", "text"}, kMaybePhotos, kMaybeUntil};  // the words, or a photo of the paper
constexpr std::array kMakeSafe{kPhotos, kOpinion};
constexpr std::array kMerge{FieldSpec{"into", "code", true}, kMaybeReason};
constexpr std::array kMoveOut{kReason, FieldSpec{"number", "text"}, kMaybePhotos};
constexpr std::array kToEnforcement{kReason, FieldSpec{"number", "text", true}, kMaybePhotos};
constexpr std::array kReply{FieldSpec{"text", "text", true},
                            FieldSpec{"satisfaction", "choice", false,
                                      "very_satisfied|satisfied|acceptable|dissatisfied|very_dissatisfied|no_reply"}};
constexpr std::array kAppeal{kReason, kMaybePhotos};
constexpr std::array kReopen{kReason, kMaybePhotos};
constexpr FieldSpec kRequestId{"request_id", "code", true};
constexpr std::array kApproveRequest{kRequestId, kOpinion};
constexpr std::array kRefuseRequest{kRequestId, kMaybeReason};
constexpr std::array kAnswerOrder{kRequestId, FieldSpec{"text", "text", true}, kMaybePhotos};
constexpr std::array kJudgeOrder{kRequestId, FieldSpec{"result", "choice", true, "read|agree|again"},
                                 FieldSpec{"until", "time"}, kMaybeReason};
constexpr std::array kAssistDone{kMaybePhotos, kOpinion};
constexpr std::array kWaiveAssist{FieldSpec{"unit", "code", true}, kReason};
constexpr std::array kReturn{kReason, kMaybePhotos};
constexpr std::array kDispose{kPhotos, kOpinion};
constexpr std::array kSendCheck{kCheckMode};
constexpr std::array kCheck{FieldSpec{"result", "choice", true, "pass|fail|unable"}, kPhotos,
                            FieldSpec{"reason", "text", false, "", "result=unable"}, kOpinion,
                            FieldSpec{"lon", "number"}, FieldSpec{"lat", "number"}};  // where the checker stands
constexpr std::array kRecheck{kReason, kCheckMode};
constexpr std::array kClose{FieldSpec{"closing_condition", "code", true}, kOpinion};
constexpr std::array kAmend{FieldSpec{"category", "category"},
                            FieldSpec{"condition", "code"},
                            FieldSpec{"lon", "number"},
                            FieldSpec{"lat", "number"},
                            FieldSpec{"address", "text"},
                            FieldSpec{"component_id", "code"},
                            kMaybeReason};
constexpr std::array kReassign{FieldSpec{"squad", "code"}, FieldSpec{"holder", "code"}, kMaybeReason};
constexpr std::array kNote{FieldSpec{"text", "text", true}, kMaybePhotos,
                           FieldSpec{"milestone", "choice", false, "ordered|decided|fulfilled"}};

using A = Action;
// clang-format off
constexpr std::array kActions{
  ActionInfo{A::report,               "report",               "上报",       "Report",                kNothing},
  ActionInfo{A::send_verify,          "send_verify",          "发核实",     "Send to verify",        kNothing},
  ActionInfo{A::verify,               "verify",               "核实反馈",   "Verify",                kVerify},
  ActionInfo{A::accept,               "accept",               "受理",       "Accept",                kOpinionOnly},
  ActionInfo{A::decline,              "decline",              "不予受理",   "Do not accept",         kReasonOnly},
  ActionInfo{A::file,                 "file",                 "立案",       "File",                  kFile},
  ActionInfo{A::decline_filing,       "decline_filing",       "不予立案",   "Do not file",           kReasonOnly},
  ActionInfo{A::dispatch,             "dispatch",             "派遣",       "Dispatch",              kDispatch},
  ActionInfo{A::recall,               "recall",               "撤回改派",   "Recall",                kMaybeReasonOnly},
  ActionInfo{A::return_filing,        "return_filing",        "退回受理",   "Return to filing",      kReasonOnly},
  ActionInfo{A::sign,                 "sign",                 "签收",       "Sign for",              kNothing},
  ActionInfo{A::return_,              "return",               "申请回退",   "Ask to return",         kReturn},
  ActionInfo{A::approve_return,       "approve_return",       "同意回退",   "Approve return",        kApproveReturn},
  ActionInfo{A::refuse_return,        "refuse_return",        "不同意回退", "Refuse return",         kMaybeReasonOnly},
  ActionInfo{A::hand_back,            "hand_back",            "交回",       "Hand back",             kReasonOnly},
  ActionInfo{A::dispose,              "dispose",              "处置完成",   "Disposed",              kDispose},
  ActionInfo{A::reject_disposal,      "reject_disposal",      "部门打回",   "Reject disposal",       kReasonOnly},
  ActionInfo{A::confirm,              "confirm",              "部门确认",   "Confirm",               kOpinionOnly},
  ActionInfo{A::rework,               "rework",               "返工",       "Rework",                kReasonOnly},
  ActionInfo{A::send_check,           "send_check",           "发核查",     "Send to check",         kSendCheck},
  ActionInfo{A::check,                "check",                "核查反馈",   "Check",                 kCheck},
  ActionInfo{A::recheck,              "recheck",              "退回重核",   "Check again",           kRecheck},
  ActionInfo{A::close,                "close",                "结案",       "Close",                 kClose},
  ActionInfo{A::request_void,         "request_void",         "申请作废",   "Ask to void",           kReasonOnly},
  ActionInfo{A::approve_void,         "approve_void",         "同意作废",   "Approve void",          kOpinionOnly},
  ActionInfo{A::refuse_void,          "refuse_void",          "不同意作废", "Refuse void",           kMaybeReasonOnly},
  ActionInfo{A::force_close,          "force_close",          "强制结案",   "Force close",           kReasonOnly},
  ActionInfo{A::amend,                "amend",                "更正",       "Amend",                 kAmend},
  ActionInfo{A::reassign,             "reassign",             "改派中队",   "Reassign",              kReassign},
  ActionInfo{A::note,                 "note",                 "备注",       "Note",                  kNote},
  ActionInfo{A::accept_self_disposal, "accept_self_disposal", "自处置通过", "Accept self-disposal",  kOpinionOnly},
  ActionInfo{A::refuse_self_disposal, "refuse_self_disposal", "自处置退回", "Refuse self-disposal",  kReasonOnly},
  ActionInfo{A::extend,               "extend",               "申请延期",   "Ask to extend",         kExtend},
  ActionInfo{A::defer,                "defer",                "申请缓办",   "Ask to defer",          kPause},
  ActionInfo{A::suspend,              "suspend",              "申请挂账",   "Ask to suspend",        kPause},
  ActionInfo{A::resume,               "resume",               "恢复处置",   "Resume",                kMaybeReasonOnly},
  ActionInfo{A::supervise,            "supervise",            "督办",       "Supervise",             kSupervise},
  ActionInfo{A::urge,                 "urge",                 "催办",       "Urge",                  kMaybeReasonOnly},
  ActionInfo{A::instruct,             "instruct",             "批示",       "Instruct",              kInstruct},
  ActionInfo{A::set_urgent,           "set_urgent",           "转急要件",   "Make urgent",           kReasonOnly},
  ActionInfo{A::make_safe,            "make_safe",            "消除隐患",   "Made safe",             kMakeSafe},
  ActionInfo{A::merge,                "merge",                "合并",       "Merge",                 kMerge},
  ActionInfo{A::unmerge,              "unmerge",              "撤销合并",   "Unmerge",               kReasonOnly},
  ActionInfo{A::transfer_out,         "transfer_out",         "申请移出",   "Ask to transfer out",   kMoveOut},
  ActionInfo{A::hand_to_enforcement,  "hand_to_enforcement",  "移交执法",   "Hand to enforcement",   kToEnforcement},
  ActionInfo{A::reply,                "reply",                "回复",       "Reply",                 kReply},
  ActionInfo{A::appeal,               "appeal",               "超时申诉",   "Appeal",                kAppeal},
  ActionInfo{A::reopen,               "reopen",               "复发重开",   "Reopen",                kReopen},
  ActionInfo{A::approve_request,      "approve_request",      "同意申请",   "Approve request",       kApproveRequest},
  ActionInfo{A::refuse_request,       "refuse_request",       "不同意申请", "Refuse request",        kRefuseRequest},
  ActionInfo{A::assist_done,          "assist_done",          "协办完成",   "Assisted",              kAssistDone},
  ActionInfo{A::waive_assist,         "waive_assist",         "免除协办",   "Waive assistance",      kWaiveAssist},
  ActionInfo{A::acknowledge,          "acknowledge",          "知悉",       "Acknowledge",           kMaybeReasonOnly},
  ActionInfo{A::answer_order,         "answer_order",         "答复交办",   "Answer an order",       kAnswerOrder},
  ActionInfo{A::judge_order,          "judge_order",          "审阅答复",   "Judge an answer",       kJudgeOrder},
  ActionInfo{A::refer_discipline,     "refer_discipline",     "移送纪检",   "Refer to discipline",   kReasonOnly},
  ActionInfo{A::upstream_close,       "upstream_close",       "上级结案",   "Closed upstream",       kMaybeReasonOnly},
  ActionInfo{A::upstream_rework,      "upstream_rework",      "上级返工",   "Sent back by upstream", kReasonOnly},
  ActionInfo{A::reproject,            "reproject",            "时限重算",   "Deadline derived again", kNothing},
};

using R = Reason;
constexpr std::array kReasons{
  ReasonInfo{R::not_yours,                 "not_yours",            "该操作不属于您的岗位、部门或中队",   "This action does not belong to your role, unit or squad", 403, "not_yours"},
  ReasonInfo{R::stale_version,             "stale_version",        "案卷已被更新，请刷新后再办",         "The case has moved on; read it again",                    409, "stale_version"},
  ReasonInfo{R::not_allowed,               "not_allowed",          "当前不允许该操作",                   "This is not allowed now",                                 422, "not_allowed"},
  ReasonInfo{R::wrong_state,               "not_allowed",          "案卷当前状态不能进行该操作",         "The case is not in a state for this action",              422, "wrong_state"},
  ReasonInfo{R::place_unusable,            "not_allowed",          "位置不在任何单元网格内，请先更正",   "The place lies in no cell; amend it first",               422, "place_unusable"},
  ReasonInfo{R::unknown_condition,         "not_allowed",          "该类别没有此立案条件",               "The category has no such filing condition",               422, "unknown_condition"},
  ReasonInfo{R::unknown_unit,              "not_allowed",          "没有该处置部门",                     "There is no such unit",                                   422, "unknown_unit"},
  ReasonInfo{R::unknown_squad,             "not_allowed",          "没有该中队",                         "There is no such squad",                                  422, "unknown_squad"},
  ReasonInfo{R::squad_not_of_unit,         "not_allowed",          "该中队不属于该部门",                 "The squad does not belong to the unit",                   422, "squad_not_of_unit"},
  ReasonInfo{R::return_window_over,        "not_allowed",          "已超过申请回退的时限",               "The time for asking to return it is over",                422, "return_window_over"},
  ReasonInfo{R::sender_may_not_decide,     "not_allowed",          "派遣人不能审批自己派遣案卷的回退",   "Who dispatched it may not decide on its return",          422, "sender_may_not_decide"},
  ReasonInfo{R::not_your_task,             "not_yours",            "该任务不是派给您的",                 "This task was given to somebody else",                    403, "not_your_task"},
  ReasonInfo{R::checker_of_disposing_unit, "not_allowed",          "核查人不能属于处置部门",             "The checker may not belong to the disposing unit",        422, "checker_of_disposing_unit"},
  ReasonInfo{R::request_open,              "not_allowed",          "已有申请等待审批",                   "A request is already waiting",                            422, "request_open"},
  ReasonInfo{R::no_request,                "not_allowed",          "没有等待审批的申请",                 "No request is waiting",                                   422, "no_request"},
  ReasonInfo{R::same_person,               "not_allowed",          "须由另一人审批",                     "Another person has to decide",                            422, "same_person"},
  ReasonInfo{R::unknown_closing_condition, "not_allowed",          "没有该结案条件",                     "There is no such closing condition",                      422, "unknown_closing_condition"},
  ReasonInfo{R::no_checker_on_duty,        "not_allowed",          "该处当前无当班监督员",               "No patroller is on duty there",                           422, "no_checker_on_duty"},
  ReasonInfo{R::at_before_last,            "not_allowed",          "补录时间早于案卷最后一步",           "The time given lies before the case's last step",         422, "at_before_last"},
  ReasonInfo{R::at_in_future,              "not_allowed",          "补录时间在将来",                     "The time given lies in the future",                       422, "at_in_future"},
  ReasonInfo{R::unknown_category,          "unknown_category",     "目录中没有该类别",                   "The catalogue has no such category",                      422, "unknown_category"},
  ReasonInfo{R::field_missing,             "field_missing",        "缺少必填项或取值不对",               "A required field is missing or has no such value",        422, "field_missing"},
  ReasonInfo{R::out_of_scope,              "not_found",            "没有该案卷",                         "There is no such case",                                   404, "out_of_scope"},
  ReasonInfo{R::command_id_reused,         "command_id_reused",    "command_id 已用于另一内容",          "This command_id was used with another body",              422, "command_id_reused"},
  ReasonInfo{R::key_conflict,              "key_conflict",         "幂等键已用于另一内容",               "This key was used with another body",                     422, "key_conflict"},
  ReasonInfo{R::backdate_not_allowed,      "backdate_not_allowed", "没有补录权限",                       "The right to backdate is missing",                        403, "backdate_not_allowed"},
  ReasonInfo{R::amend_after_filing,        "not_allowed",          "立案后不能更正",                     "After filing nothing may be amended",                     422, "amend_after_filing"},
  ReasonInfo{R::unit_is_binding,           "not_allowed",          "处置部门已由协调明确，不得再回退",   "The coordination desk named the unit; it may not be returned", 422, "unit_is_binding"},
  ReasonInfo{R::already_late,              "not_allowed",          "已超过处置时限",                     "The deadline has passed",                                 422, "already_late"},
  ReasonInfo{R::extensions_used,           "not_allowed",          "延期次数已用完",                     "No further extension is possible",                        422, "extensions_used"},
  ReasonInfo{R::until_out_of_range,        "not_allowed",          "截止日期须在将来且不超过规定期限",   "The day must lie ahead and inside the longest term allowed", 422, "until_out_of_range"},
  ReasonInfo{R::suspended_before,          "not_allowed",          "该案卷已挂账过一次",                 "The case was suspended once before",                      422, "suspended_before"},
  ReasonInfo{R::hazard_not_safe,           "not_allowed",          "紧急隐患须先消除并经核查",           "The hazard has to be made safe and checked first",        422, "hazard_not_safe"},
  ReasonInfo{R::assists_open,              "not_allowed",          "协办单位尚未全部完成",               "Assisting units have not all answered",                   422, "assists_open"},
  ReasonInfo{R::no_assist,                 "not_allowed",          "该单位没有未完成的协办任务",         "The unit has no open assisting task",                     422, "no_assist"},
  ReasonInfo{R::no_master,                 "not_allowed",          "没有该主案卷",                       "There is no such master case",                            422, "no_master"},
  ReasonInfo{R::master_not_open,           "not_allowed",          "主案卷已办结",                       "The master case has ended",                               422, "master_not_open"},
  ReasonInfo{R::other_category,            "not_allowed",          "类别不同，不能合并",                 "Cases of different categories are not merged",            422, "other_category"},
  ReasonInfo{R::has_duplicates,            "not_allowed",          "已有案卷合并到此案卷，请先撤销合并", "Other cases are merged into it; unmerge them first",      422, "has_duplicates"},
  ReasonInfo{R::not_late,                  "not_allowed",          "该案卷未超时",                       "The case was not late",                                   422, "not_late"},
  ReasonInfo{R::appealed_before,           "not_allowed",          "该案卷已申诉过",                     "The case was appealed before",                            422, "appealed_before"},
  ReasonInfo{R::appeal_window_over,        "not_allowed",          "该月份的申诉期已过或已封存",         "The month's time for appeals is over, or it is sealed",   422, "appeal_window_over"},
  ReasonInfo{R::reopen_window_over,        "not_allowed",          "已超过重开期限",                     "The time for reopening is over",                          422, "reopen_window_over"},
  ReasonInfo{R::followed_before,           "not_allowed",          "该案卷已有后续案卷",                 "Another case follows it already",                         422, "followed_before"},
  ReasonInfo{R::urgent_already,            "not_allowed",          "已是急要件",                         "The case is urgent already",                              422, "urgent_already"},
  ReasonInfo{R::not_a_hazard,              "not_allowed",          "不是紧急隐患或已消除",               "It is no urgent hazard, or was made safe already",        422, "not_a_hazard"},
  ReasonInfo{R::month_sealed,              "month_sealed",         "该月份已封存，不能补录",             "That month is sealed; nothing more may be entered into it", 422, "month_sealed"},
  ReasonInfo{R::no_order,                  "not_allowed",          "没有等待答复的交办",                 "No such order waits for an answer",                       422, "no_order"},
  ReasonInfo{R::not_the_giver,             "not_allowed",          "答复由交办人或领导审阅，交办须已答复", "Who gave the order, or a leader, judges an answer once there is one", 422, "not_the_giver"},
  ReasonInfo{R::deadline_stands,           "not_allowed",          "时限没有变化",                       "The deadline stands as it is",                            422, "deadline_stands"},
  ReasonInfo{R::unknown_case,              "not_allowed",          "本区没有该案卷，或该案卷未关联此工单", "The district has no such case, or it does not belong to the order", 422, "unknown_case"},
  ReasonInfo{R::case_linked,               "not_allowed",          "该案卷已关联此工单",                 "The case belongs to the order already",                   422, "case_linked"},
  ReasonInfo{R::no_unit_named,             "not_allowed",          "请先指定承办部门",                   "Name the unit that answers it first",                     422, "no_unit_named"},
  ReasonInfo{R::not_the_hour,              "not_allowed",          "该类问题须在上报的同一时段核查",     "A problem that comes and goes with the hour is checked at the hour it was reported at", 422, "not_the_hour"},
  ReasonInfo{R::milestone_passed,          "not_allowed",          "该执法节点已过，不能倒退",           "The enforcement is past that step already",               422, "milestone_passed"},
};
// clang-format on

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (kActions[i].action != static_cast<Action>(i)) return false;
  }
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    if (kReasons[i].reason != static_cast<Reason>(i)) return false;
  }
  return true;
}
static_assert(in_enum_order(), "an action or reason is missing its words or stands in the wrong place");
static_assert(kActions.size() == static_cast<std::size_t>(Action::reproject) + 1);
static_assert(kReasons.size() == static_cast<std::size_t>(Reason::milestone_passed) + 1);

}  // namespace

ActionInfo const& info(Action a) {
  return kActions[static_cast<std::size_t>(a)];
}
std::span<ActionInfo const> actions() {
  return kActions;
}
ReasonInfo const& info(Reason r) {
  return kReasons[static_cast<std::size_t>(r)];
}
std::span<ReasonInfo const> reasons() {
  return kReasons;
}

std::optional<Action> action_from(std::string_view id) {
  auto const found = std::find_if(kActions.begin(), kActions.end(), [&](ActionInfo const& a) { return a.id == id; });
  return found == kActions.end() ? std::nullopt : std::optional(found->action);
}

}  // namespace wangge::core
