// What the doors of published tables share: words of the query, the period, a table as a file, a workbook or a page.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include <spdlog/spdlog.h>

#include "gateways/console/period.hpp"
#include "gateways/http/http.hpp"
#include "storage/publish/sheet.hpp"
#include "storage/read_model.hpp"

namespace wangge::console {

inline constexpr std::array<std::string_view, 3> kFormats{"json", "csv", "xlsx"};
inline constexpr std::array<std::string_view, 4> kPrintedFormats{"json", "csv", "xlsx", "html"};
inline constexpr std::array<std::string_view, 2> kYesNo{"true", "false"};

// One of these words, or `otherwise` where the query says nothing. Throws BadFilter.
template <std::size_t N>
std::string word(http::Request const& request, char const* name, std::array<std::string_view, N> const& allowed,
                 std::string_view otherwise) {
  auto const value = request.arg(name).empty() ? otherwise : request.arg(name);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    throw storage::BadFilter(name, "unknown value");
  return std::string(value);
}

// month, from, to, period, as_of of the query. Throws BadFilter.
PeriodRead period_of(http::Request const& request, core::Calendar const& calendar);
// Does the browser ask for a page rather than for data?
bool wants_page(http::Request const& request);

http::Response as_file(std::string type, std::string body, std::string const& name);
// A page to print: its own style, nothing else, no script.
http::Response as_printed(std::string html);
http::Response as_page(storage::PrintHead const& head, std::vector<storage::Sheet> const& sheets);
std::string file_name(std::string label, std::string const& by, std::string const& extension, std::string const& what = "closure");

// A file of our own that is gone when the answer is written: libxlsxwriter writes to a path only.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  std::string const& path() const { return path_; }
  std::string contents() const;

 private:
  std::string path_;
};

// `write` writes a workbook to a path.
template <class Write>
http::Response as_xlsx(std::string const& lang, std::string const& name, Write&& write) {
  try {
    Scratch const scratch;
    write(scratch.path());
    return as_file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", scratch.contents(), name);
  } catch (storage::Broken const&) {
    throw;
  } catch (storage::BadFilter const&) {
    throw;
  } catch (std::runtime_error const& e) {  // no room for a scratch file; the other formats need none
    spdlog::error("the table could not be written as xlsx: {}", e.what());
    return http::problem(507, "spool_full", lang);
  }
}

}  // namespace wangge::console
