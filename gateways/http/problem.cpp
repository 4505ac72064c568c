// What a refusal looks like (CONTRACT 3) and the one table of its words.
#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

#include "gateways/http/http.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::http {
namespace {

struct Words {
  std::string_view code, zh, en;
};

constexpr std::array kWords{
    Words{"bad_request", "请求格式有误", "The request is malformed"},
    Words{"bad_json", "请求体不是有效的 JSON", "The body is not valid JSON"},
    Words{"key_required", "需要一个幂等键", "An idempotency key is required, and only one"},
    Words{"unauthorized", "需要有效的令牌", "A valid token is required"},
    Words{"csrf", "页面已过期，请刷新后再试", "The page's own key is missing or old; load the page again"},
    Words{"finish_sign_in", "请先修改密码或启用动态验证码", "Set a new password or take up one-time codes first"},
    Words{"sign_in_failed", "账号或密码不正确", "The name or the password is wrong"},
    Words{"code_required", "请输入动态验证码", "A one-time code is required"},
    Words{"code_failed", "动态验证码不正确或已用过", "The one-time code is wrong or was used before"},
    Words{"choose_role", "此账号有多个岗位，请选择", "The account holds several posts; choose one"},
    Words{"too_many_tries", "尝试次数过多，请稍后再试", "Too many tries; wait before the next"},
    Words{"role_clash", "同一账号不能兼任这些岗位", "One account may not hold these posts together"},
    Words{"not_yours", "不在您的职责或范围内", "This is not yours to do"},
    Words{"not_found", "没有找到", "Not found"},
    Words{"method_not_allowed", "此地址不支持该方法", "The method is not allowed here"},
    Words{"request_timeout", "请求到达太慢", "The request came too slowly"},
    Words{"length_required", "需要说明长度", "A length is required"},
    Words{"too_large", "内容过大", "The content is too large"},
    Words{"unsupported_type", "不支持的内容类型", "The content type is not supported"},
    Words{"unsupported_encoding", "不支持压缩的请求体，请按原样发送", "A packed body is not read; send it as it is"},
    Words{"expectation_failed", "无法满足 Expect 要求", "The expectation cannot be met"},
    Words{"header_too_large", "请求头过大", "The header is too large"},
    Words{"range_not_satisfiable", "文件没有所要的部分", "The file has no such part"},
    Words{"invalid", "有字段不符合要求", "Some fields are not acceptable"},
    Words{"bad_query", "查询参数不符合要求", "A query parameter is not acceptable"},
    Words{"coordinate_out_of_range", "坐标缺失或超出范围", "The coordinate is missing or out of range"},
    Words{"unknown_category", "未知或已停用的类别", "The category is unknown or withdrawn"},
    Words{"source_not_allowed", "此令牌不能使用该来源", "This token may not use that source"},
    Words{"backdate_not_allowed", "此令牌不能补录时间", "This token may not set the time"},
    Words{"key_conflict", "同一幂等键已用于不同内容", "The same key was used with another body"},
    Words{"command_id_reused", "同一 command_id 已用于不同内容", "The same command_id was used with another body"},
    Words{"stale_version", "案件已被更新，请刷新后再试", "The case has changed; read it again"},
    Words{"stale_part", "已有他人修改，请在新版本上重做", "Somebody changed it meanwhile; begin anew on what stands now"},
    Words{"bad_part", "内容不符合要求，未作修改", "It is not acceptable; nothing was changed"},
    Words{"already_so", "已经如此", "It is so already"},
    Words{"stale_epoch", "任务已重新分派", "The task was given anew"},
    Words{"not_allowed", "当前状态不允许该操作", "The case's state does not allow this"},
    Words{"bad_media", "文件内容与类型不符", "The file is not what it claims to be"},
    Words{"bad_template", "模板有误", "The template is not acceptable"},
    Words{"sealed_already", "该月份已封存", "The month is sealed already"},
    Words{"upgrade_required", "需要 HTTP/1.1", "HTTP/1.1 is required"},
    Words{"too_many_requests", "请求过于频繁", "Too many requests"},
    Words{"internal", "服务器内部错误", "The server made an error"},
    Words{"not_implemented", "尚不支持", "Not supported"},
    Words{"overloaded", "系统繁忙，请稍后再试", "The system is busy; try again shortly"},
    Words{"no_reference", "尚未收到基础数据，请稍后再试", "Reference data has not arrived yet; try again shortly"},
    Words{"no_dispatcher", "调度服务暂不可用，请稍后再试", "The dispatcher is away; try again shortly"},
    Words{"no_database", "数据库暂不可用，请稍后再试", "The database is away; try again shortly"},
    Words{"spool_broken", "本地存储不可写，请稍后再试", "Local storage cannot be written; try again shortly"},
    Words{"outcome_unknown", "已发送但未收到结果，请用同一 command_id 重试",
          "Sent, but no answer came; ask again with the same command_id"},
    Words{"tus_version", "断点续传协议只支持 tus 1.0.0", "Only tus 1.0.0 is spoken here"},
    Words{"wrong_offset", "上传位置不符，请先询问已收到多少", "The upload stands elsewhere; ask where"},
    Words{"checksum_mismatch", "校验和不符，这一段没有采用", "The checksum does not match; this piece was not taken"},
    Words{"too_many_uploads", "未完成的上传过多，请先完成或取消", "Too many unfinished uploads; finish or end some"},
    Words{"gallery_not_allowed", "本市不允许上传相册照片，请用页面内的相机拍摄", "This city takes no pictures from the gallery; use the camera in the page"},
    Words{"nobody_on_duty", "没有在岗人员可以点名", "Nobody is on duty to be called"},
    Words{"not_public", "本市未开放公开查询", "The city has not opened this to the public"},
    Words{"basemap_away", "底图服务暂不可用", "The base map is away"},
    Words{"spool_full", "本地存储已满，请稍后再试", "Local storage is full; try again later"},
};

// What the readers of heads and bodies say, in Chinese; some end with what they stumbled over.
struct Phrase {
  std::string_view en, zh;
};
constexpr std::array kPhrases{
    Phrase{"U+0000 in a string", "字符串中有 U+0000"},
    Phrase{"U+0000 in a name", "成员名中有 U+0000"},
    Phrase{"a number out of range", "数字超出范围"},
    Phrase{"more after the end,", "正文结束后还有内容"},
    Phrase{"a member name stands twice", "成员名重复"},
    Phrase{"line endings must be CRLF and header lines must not be folded", "行尾必须是 CRLF，请求头不得折行"},
    Phrase{"a chunk's head is too long", "分块头过长"},
    Phrase{"the request target cannot be decoded", "请求目标无法解码"},
    Phrase{"the path cannot be decoded", "路径无法解码"},
    Phrase{"only HTTP/1.0 and HTTP/1.1", "只支持 HTTP/1.0 和 HTTP/1.1"},
    Phrase{"the header", "请求头重复"},
    Phrase{"more than one content-length", "Content-Length 不止一个"},
    Phrase{"transfer-encoding in HTTP/1.0", "HTTP/1.0 不能使用 Transfer-Encoding"},
    Phrase{"a transfer-encoding other than chunked", "Transfer-Encoding 只支持 chunked"},
    Phrase{"no host header", "缺少 Host 请求头"},
    Phrase{"the head is incomplete", "请求头不完整"},
    Phrase{"unknown action", "没有这种操作"},
};

// The detail in the caller's language. English words that have no Chinese here say less than the title does.
std::string in_words(std::string_view detail, std::string_view title, std::string_view lang) {
  bool const plain = std::all_of(detail.begin(), detail.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (detail.empty()) return std::string(title);
  if (lang == "en" || !plain) return std::string(detail);
  constexpr std::string_view kAt = " at byte ";
  auto const at = detail.find(kAt);
  auto const* const it =
      std::find_if(kPhrases.begin(), kPhrases.end(), [&](Phrase const& p) { return detail.starts_with(p.en); });
  std::string out(it == kPhrases.end() ? title : it->zh);
  if (at != std::string_view::npos) out += "（第 " + std::string(detail.substr(at + kAt.size())) + " 字节）";
  return out;
}

std::string_view title(std::string_view code, std::string_view lang) {
  auto const* const it = std::find_if(kWords.begin(), kWords.end(), [&](Words const& w) { return w.code == code; });
  if (it == kWords.end()) return code;  // the lifecycle's own reasons bring their words as detail
  return lang == "en" ? it->en : it->zh;
}

// Different for each answer, so that refused clients do not all come back in the same second.
int retry_after() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_int_distribution<int>(1, 30)(random);
}

}  // namespace

Response problem(int status, std::string_view code, std::string_view lang, std::string_view detail,
                 std::vector<std::pair<std::string, std::string>> const& errors) {
  Response r;
  r.status = status;
  r.content_type = "application/problem+json";
  r.body = "{\"type\":" + json_quoted("urn:wangge:problem:" + std::string(code)) +
           ",\"title\":" + json_quoted(title(code, lang)) + ",\"status\":" + std::to_string(status) +
           ",\"code\":" + json_quoted(code);
  // Every member, always: a program that shows `detail` shows words, one that walks `errors` finds a list.
  r.body += ",\"detail\":" + json_quoted(in_words(detail, title(code, lang), lang)) + ",\"errors\":[";
  for (auto const& [field, fault] : errors) {
    if (r.body.back() != '[') r.body += ',';
    r.body += "{\"field\":" + json_quoted(field) + ",\"code\":" + json_quoted(fault) + '}';
  }
  r.body += "]}";
  r.headers.emplace_back("Content-Language", lang == "en" ? "en" : "zh-CN");
  if (status == 429 || status == 503 || status == 507) {
    r.headers.emplace_back("Retry-After", std::to_string(retry_after()));
  }
  return r;
}

Response json(int status, std::string body) {
  Response r;
  r.status = status;
  r.body = std::move(body);
  return r;
}

NameMap::const_iterator NameMap::find(std::string_view name) const {
  return std::find_if(all_.begin(), all_.end(), [&](value_type const& one) { return one.first == name; });
}

std::string const& NameMap::at(std::string_view name) const {
  auto const it = find(name);
  if (it == end()) throw std::out_of_range("no " + std::string(name));
  return it->second;
}

std::string_view NameMap::get(std::string_view name) const {
  auto const it = find(name);
  return it == end() ? std::string_view{} : std::string_view(it->second);
}

std::string& NameMap::operator[](std::string_view name) {
  for (auto& [key, value] : all_) {
    if (key == name) return value;
  }
  return all_.emplace_back(std::string(name), std::string()).second;
}

std::string_view Request::header(std::string_view name) const { return headers.get(name); }
std::string_view Request::arg(std::string_view name) const { return query.get(name); }

}  // namespace wangge::http
