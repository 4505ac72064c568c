// See OpenFile in http.hpp, and the one reading of Range that this server knows.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>

#include "gateways/http/http.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

struct Part {
  std::uint64_t from = 0, length = 0;  // length 0: nothing of the file lies there
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// "bytes=0-99", "bytes=100-", "bytes=-50". Several parts, other units and what cannot be read are no question for a part
// (RFC 9110 14.2): the whole file is the answer.
std::optional<Part> part_asked(std::string_view range, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!equal_ignoring_case(range.substr(0, kUnit.size()), kUnit)) return std::nullopt;
  range = trimmed(range.substr(std::min(kUnit.size(), range.size())));
  auto const dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  auto const first = number(trimmed(range.substr(0, dash))), last = number(trimmed(range.substr(dash + 1)));
  if (!first && dash != 0) return std::nullopt;
  if (!last && (dash == 0 || dash + 1 != range.size())) return std::nullopt;
  if (!first) return Part{size - std::min(size, *last), std::min(size, *last)};
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return Part{};
  return Part{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

}  // namespace

OpenFile::OpenFile(int descriptor, std::uint64_t bytes) : fd_(descriptor), size_(bytes) {}

OpenFile::~OpenFile() { ::close(fd_); }

std::shared_ptr<OpenFile const> OpenFile::open(std::string const& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return nullptr;
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(fd);
    return nullptr;
  }
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);  // what comes next is in memory before it is asked for
  return std::shared_ptr<OpenFile const>(new OpenFile(fd, static_cast<std::uint64_t>(about.st_size)));
}

std::size_t OpenFile::read(std::uint64_t from, char* into, std::size_t most) const {
  std::size_t have = 0;
  while (have < most) {
    auto const n = ::pread(fd_, into + have, most - have, static_cast<off_t>(from + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  return have;
}

Response file(Request const& request, std::shared_ptr<OpenFile const> file, std::string content_type) {
  Response r;
  r.content_type = std::move(content_type);
  r.headers.emplace_back("Accept-Ranges", "bytes");
  auto const size = file->size();
  // If-Range asks whether the file is still the same; without validators of ours the safe answer is all of it.
  auto const part = request.header("if-range").empty() ? part_asked(request.header("range"), size) : std::nullopt;
  if (part && part->length == 0) {
    r = problem(416, "range_not_satisfiable", request.lang);
    r.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return r;
  }
  r.file_from = part ? part->from : 0;
  r.file_length = part ? part->length : size;
  if (part) {
    r.status = 206;
    r.headers.emplace_back("Content-Range", "bytes " + std::to_string(r.file_from) + "-" +
                                                std::to_string(r.file_from + r.file_length - 1) + "/" + std::to_string(size));
  }
  r.file = std::move(file);
  return r;
}

}  // namespace wangge::http
