// What is open to everybody: the pages with their assets, the API's description, and the health of this gateway.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateways/audit_trail.hpp"
#include "gateways/http/http.hpp"
#include "gateways/link/link.hpp"

namespace wangge::console {

// A file of the built pages (gateways/console/web/make.sh), carried inside the program: "index.html",
// "assets/index-CyOLECwx.js".
struct WebFile {
  std::string_view name, bytes, gzipped;  // gzipped is empty where it was not worth it
};
std::span<WebFile const> web_files();

// What the health answers are made of; each function is called on the I/O thread and never blocks.
struct Vitals {
  std::string version;
  std::function<link::Health()> link;
  std::function<bool()> database;  // did it answer lately
  std::function<http::Server::Counts()> server;
  std::function<std::size_t()> task_streams, hint_streams, attempts;
  std::function<std::uint64_t()> pushed;
  std::function<doors::AuditTrail::Counts()> audit;
  std::map<std::string, std::function<std::string()>> parts;  // more of /readyz, JSON objects as text
};

class PageDoor {
 public:
  explicit PageDoor(Vitals vitals) : vitals_(std::move(vitals)) {}
  void page(std::string_view file, http::Request const& request, http::Reply const& reply) const;
  void asset(http::Request request, http::Reply reply) const;
  void short_link(http::Request request, http::Reply reply) const;  // /m/{code}: on to the case
  void healthz(http::Request request, http::Reply reply) const;
  void readyz(http::Request request, http::Reply reply) const;
  void metrics(http::Request request, http::Reply reply) const;
  void openapi(http::Request request, http::Reply reply) const;
  void docs(http::Request request, http::Reply reply) const;
  // The whole table, known once every door has put in its rows.
  void describe(std::vector<http::Route> const& routes);

 private:
  Vitals vitals_;
  std::string openapi_zh_, openapi_en_, docs_zh_, docs_en_;
};

// The table as a plain page.
std::string docs_page(std::vector<http::Route> const& routes, bool en);

}  // namespace wangge::console
