#include "gateways/console/table_answers.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace wangge::console {

PeriodRead period_of(http::Request const& request, core::Calendar const& calendar) {
  auto const period = read_period({request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"), request.arg("as_of")},
                                  calendar, request.received_at);
  if (auto const* bad = std::get_if<BadPeriod>(&period)) throw storage::BadFilter(bad->field, "no such period");
  return std::get<PeriodRead>(period);
}

bool wants_page(http::Request const& request) { return request.header("accept").starts_with("text/html"); }

http::Response as_file(std::string type, std::string body, std::string const& name) {
  http::Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return response;
}

http::Response as_printed(std::string html) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  return response;
}

http::Response as_page(storage::PrintHead const& head, std::vector<storage::Sheet> const& sheets) { return as_printed(storage::print_page(head, sheets)); }

std::string file_name(std::string label, std::string const& by, std::string const& extension, std::string const& what) {
  std::replace(label.begin(), label.end(), '/', '_');
  return what + "-" + label + (by.empty() ? "" : "-" + by) + "." + extension;
}

Scratch::Scratch() : path_((std::filesystem::temp_directory_path() / "closure-XXXXXX.xlsx").string()) {
  int const fd = ::mkstemps(path_.data(), 5);
  if (fd < 0) throw std::runtime_error("no scratch file for the table");
  ::close(fd);
}
Scratch::~Scratch() { ::unlink(path_.c_str()); }

std::string Scratch::contents() const {
  std::ifstream in(path_, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace wangge::console
