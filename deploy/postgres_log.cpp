// Reads the ends of two files, the second one of JSON lines. See postgres_log.hpp.
#include "deploy/postgres_log.hpp"

#include <boost/json.hpp>
#include <functional>
#include <sstream>

#include "deploy/layout.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kTail = 20000;

std::string tail(fs::path const& file, std::size_t bytes) {
  auto const text = read_file(file);
  auto const from = text.size() > bytes ? text.find('\n', text.size() - bytes) : 0;
  return from == std::string::npos ? text : text.substr(from);
}

struct Line {
  std::string severity, message, detail;
};

std::vector<Line> newest_lines(fs::path const& log_folder) {
  std::error_code ignored;
  fs::path newest;
  for (auto const& entry : fs::directory_iterator(log_folder, ignored))
    if (entry.path().extension() == ".json" &&
        (newest.empty() || entry.last_write_time() > fs::last_write_time(newest)))
      newest = entry.path();
  std::vector<Line> out;
  std::istringstream lines(tail(newest, kTail));
  for (std::string line; std::getline(lines, line);) {
    boost::system::error_code error;
    auto const value = boost::json::parse(line, error);
    if (error || !value.is_object()) continue;
    auto const field = [&](char const* name) -> std::string {
      auto const* v = value.as_object().if_contains(name);
      return v && v->is_string() ? std::string(v->as_string()) : std::string{};
    };
    out.push_back({field("error_severity"), field("message"), field("detail")});
  }
  return out;
}

}  // namespace

std::string last_words(fs::path const& early, fs::path const& log_folder) {
  std::string words, last;
  for (auto const& line : newest_lines(log_folder))
    if (line.severity == "FATAL" || line.severity == "PANIC")
      last = line.severity + ": " + line.message + " " + line.detail;
  std::istringstream first(tail(early, 2000));
  for (std::string line; std::getline(first, line);)
    if (line.find("FATAL") != std::string::npos || line.find("PANIC") != std::string::npos ||
        line.find("ERROR") != std::string::npos)
      words = line;
  return words + (words.empty() || last.empty() ? "" : "\n") + last;
}

std::string last_message(fs::path const& log_folder, std::string_view beginning) {
  std::string found;
  for (auto const& line : newest_lines(log_folder))
    if (line.message.starts_with(beginning)) found = line.message;
  return found;
}

}  // namespace wangge::deploy
