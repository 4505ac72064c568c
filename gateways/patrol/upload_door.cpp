#include "gateways/patrol/upload_door.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <ctime>

#include "gateways/http/rfc3339.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::patrol {
namespace {

constexpr std::string_view kVersion = "1.0.0", kPiece = "application/offset+octet-stream";
constexpr std::size_t kMetadataMost = 4096;

// Base64 as RFC 4648 section 4 writes it, padded, nothing else.
std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  std::size_t padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    auto const value = kLetters.find(text[i]);
    if (text[i] == '=' && i + 2 >= text.size())
      ++padding;
    else if (value == std::string_view::npos || padding > 0)
      return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(padding > 0 ? 0 : value);
    if (i % 4 != 3) continue;
    for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xff);
    bits = 0;
  }
  out.resize(out.size() - padding);
  return out;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// RFC 7231 as Upload-Expires wants it.
std::string http_date(core::Instant at) {
  std::time_t const seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

using Outcome = http::Response;
Outcome spoken(Outcome r) {
  r.headers.emplace_back("Tus-Resumable", kVersion);
  return r;
}
Outcome fault(http::Request const& request, std::string_view header, std::string_view code) {
  return http::problem(400, "bad_request", request.lang, std::string(header) + ": " + std::string(code),
                       {{"/" + std::string(header), std::string(code)}});
}

// Every answer speaks the version, and every fault of the folder has its code; `go` says the rest.
template <class Go>
void answering(http::Request const& request, http::Reply const& reply, Go&& go) {
  auto const& lang = request.lang;
  if (request.header("tus-resumable") != kVersion) {
    auto r = http::problem(412, "tus_version", lang);
    r.headers.emplace_back("Tus-Version", kVersion);
    return reply(spoken(std::move(r)));
  }
  try {
    reply(spoken(go()));
  } catch (media::NoUpload const&) {
    reply(spoken(http::problem(404, "not_found", lang)));
  } catch (media::WrongOffset const& e) {
    auto r = http::problem(409, "wrong_offset", lang);
    r.headers.emplace_back("Upload-Offset", std::to_string(e.offset));
    reply(spoken(std::move(r)));
  } catch (media::TooLong const&) {
    reply(spoken(http::problem(413, "too_large", lang)));
  } catch (media::TooMany const&) {
    reply(spoken(http::problem(429, "too_many_uploads", lang)));
  } catch (media::Bad const& e) {
    reply(spoken(bad_media(e, lang)));
  } catch (media::Full const&) {
    reply(spoken(http::problem(507, "spool_full", lang)));
  } catch (media::Unknown const&) {
    reply(spoken(http::problem(415, "unsupported_type", lang)));
  }
}

void tell(Outcome& r, media::Upload const& u) {
  r.headers.emplace_back("Upload-Offset", std::to_string(u.offset));
  r.headers.emplace_back("Upload-Expires", http_date(u.expires_at));
  if (!u.media_id.empty()) r.headers.emplace_back("Media-Id", u.media_id);
}

// Nothing: no checksum is asked for, or it fits.
std::optional<Outcome> check_sum(http::Request const& request) {
  auto const header = request.header("upload-checksum");
  if (header.empty()) return std::nullopt;
  auto const space = std::min(header.find(' '), header.size());
  auto const name = header.substr(0, space);
  auto const* const kind = name == "sha1" ? EVP_sha1() : name == "sha256" ? EVP_sha256() : nullptr;
  auto const wanted = from_base64(http::trimmed(header.substr(space)));
  if (kind == nullptr || !wanted)
    return fault(request, "Upload-Checksum", kind == nullptr ? "unknown_value" : "bad_format");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(request.body.data(), request.body.size(), digest.data(), &size, kind, nullptr) != 1)
    throw std::runtime_error("OpenSSL does not know " + std::string(name));
  if (*wanted == std::string_view(reinterpret_cast<char const*>(digest.data()), size)) return std::nullopt;
  return http::problem(460, "checksum_mismatch", request.lang);
}

}  // namespace

std::optional<http::NameMap> read_metadata(std::string_view header) {
  http::NameMap out;
  if (header.size() > kMetadataMost) return std::nullopt;
  while (!header.empty()) {
    auto const end = std::min(header.find(','), header.size());
    auto const one = http::trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    auto const space = std::min(one.find(' '), one.size());
    auto const value = from_base64(http::trimmed(one.substr(space)));
    auto const name = one.substr(0, space);
    if (name.empty() || !value || out.contains(name) || !http::valid_utf8(*value)) return std::nullopt;
    out.add(std::string(name), *value);
  }
  return out;
}

void UploadDoor::options(http::Request, http::Reply reply) const {
  http::Response r{204, "", "", {}};
  std::uint64_t const most =
      std::max(folder_.limit_of("image/jpeg").value_or(0), folder_.limit_of("video/mp4").value_or(0));
  for (auto const& [name, value] : {std::pair<char const*, std::string>{"Tus-Version", std::string(kVersion)},
                                    {"Tus-Extension", "creation,termination,checksum,expiration"},
                                    {"Tus-Max-Size", std::to_string(most)},
                                    {"Tus-Checksum-Algorithm", "sha1,sha256"}})
    r.headers.emplace_back(name, value);
  reply(spoken(std::move(r)));
}

void UploadDoor::create(http::Request request, http::Reply reply) {
  answering(request, reply, [&]() -> Outcome {
    if (!request.header("upload-defer-length").empty()) return fault(request, "Upload-Defer-Length", "unknown_value");
    auto const length = number(request.header("upload-length"));
    if (!length)
      return fault(request, "Upload-Length", request.header("upload-length").empty() ? "required" : "bad_format");
    if (!request.body.empty())
      return fault(request, "Content-Length", "out_of_range");  // creation-with-upload is not spoken
    auto const metadata = read_metadata(request.header("upload-metadata"));
    if (!metadata) return fault(request, "Upload-Metadata", "bad_format");
    http::FieldErrors errors;
    auto const evidence = read_evidence(metadata->get("taken"), metadata->get("captured_at"), metadata->get("original"), metadata->get("place"),
                                        request.received_at, errors);
    if (!errors.empty()) return http::problem(422, "invalid", request.lang, "", errors);
    if (auto refused = refuse_gallery(request, evidence, gallery_allowed_)) return std::move(*refused);
    auto type = metadata->get("filetype");
    if (type.empty()) type = metadata->get("type");
    type = http::trimmed(type.substr(0, type.find(';')));
    auto const upload = uploads_.create(request.who, http::lower(type), *length, evidence, request.received_at);
    http::Response r{201, "", "", {}};
    r.headers.emplace_back("Location", "/api/v1/uploads/" + upload.id);
    tell(r, upload);
    return r;
  });
}

void UploadDoor::look(http::Request request, http::Reply reply) {
  answering(request, reply, [&] {
    auto const u = uploads_.find(request.who, std::string(request.params.get("upload_id")), request.received_at);
    auto r =
        http::json(200, "{\"upload_id\":" + http::json_quoted(u.id) + ",\"type\":" + http::json_quoted(u.type) +
                            ",\"length\":" + std::to_string(u.length) + ",\"offset\":" + std::to_string(u.offset) +
                            ",\"expires_at\":" + http::json_quoted(http::format_time(u.expires_at)) +
                            ",\"media_id\":" + (u.media_id.empty() ? "null" : http::json_quoted(u.media_id)) + "}");
    r.headers.emplace_back("Upload-Length", std::to_string(u.length));
    tell(r, u);
    return r;
  });
}

void UploadDoor::append(http::Request request, http::Reply reply) {
  answering(request, reply, [&]() -> Outcome {
    std::string const id(request.params.get("upload_id"));
    uploads_.find(request.who, id, request.received_at);
    if (!http::equal_ignoring_case(http::trimmed(request.header("content-type")), kPiece))
      return http::problem(415, "unsupported_type", request.lang);
    auto const offset = number(request.header("upload-offset"));
    if (!offset)
      return fault(request, "Upload-Offset", request.header("upload-offset").empty() ? "required" : "bad_format");
    if (auto refused = check_sum(request)) return std::move(*refused);
    auto const upload = uploads_.append(request.who, id, *offset, request.body, request.received_at);
    http::Response r{204, "", "", {}};
    tell(r, upload);
    return r;
  });
}

void UploadDoor::end(http::Request request, http::Reply reply) {
  answering(request, reply, [&] {
    uploads_.end(request.who, std::string(request.params.get("upload_id")), request.received_at);
    return http::Response{204, "", "", {}};
  });
}

}  // namespace wangge::patrol
