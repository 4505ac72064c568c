// Deny by default: every route against every role; the description against the table, both ways; the open pages.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "gateways/console/case_filter.hpp"
#include "world.hpp"

namespace wangge::test {
namespace {

std::string filled(std::string path) {
  for (auto const& [name, value] : std::vector<std::pair<std::string, std::string>>{{"{case_no}", kCaseNo},
                                                                                    {"{action}", "sign"},
                                                                                    {"{report_id}", "5f0cbb1c-7a0e-5c63-9d0e-3d0f6f6a7731"},
                                                                                    {"{media_id}", photo_id('a')},
                                                                                    {"{task_id}", "t"},
                                                                                    {"{upload_id}", "0123456789abcdef0123456789abcdef"},
                                                                                    {"{roll_call_id}", kCommandId},
                                                                                    {"{order_no}", "hotline_12345:A-1"},
                                                                                    {"{session_id}", "s"},
                                                                                    {"{name}", "zhang"},
                                                                                    {"{layer}", "cells"},
                                                                                    {"{z}", "14"},
                                                                                    {"{x}", "13502"},
                                                                                    {"{tile}", "6464.mvt"},
                                                                                    {"{y}", "6464"},
                                                                                    {"{file}", "style.css"}})
    if (auto const found = path.find(name); found != std::string::npos) path.replace(found, name.size(), value);
  return path;
}

TEST(Access, WithoutATokenOnlyThePublicRoutesOpen) {
  World world;
  std::set<std::string> open;
  for (auto const& route : world.table) {
    auto const path = filled(route.path);
    if (route.access == http::Access::public_) {
      open.insert(route.path);
      EXPECT_NE(world.ask(route.method, path, "", route.method == "POST" ? "{}" : "").status, 401) << path;
      continue;
    }
    for (auto const* token : {"", "wrong", "expired"}) {
      auto const answer = world.ask(route.method, path, token, route.method == "POST" ? "{}" : "");
      EXPECT_EQ(answer.status, 401) << route.method << ' ' << path << " with " << token;
    }
  }
  EXPECT_EQ(open, (std::set<std::string>{"/api/v1/session", "/api/v1/session/oidc/start", "/api/v1/session/oidc/callback", "/", "/squad", "/patrol", "/wall", "/public",
                                         "/api/v1/public", "/api/v1/public/cases", "/api/v1/public/cases/{case_no}", "/api/v1/public/cases.csv",
                                         "/api/v1/public/streets", "/api/v1/uploads", "/m/{code}", "/print/{what}", "/sw.js", "/assets/{file}", "/metrics", "/healthz", "/readyz", "/api/docs",
                                         "/api/v1/openapi.json"}))
      << "a new public route is a decision: write it here too";
}

TEST(Access, EveryRoleIsRefusedWhereTheTableDoesNotNameIt) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  for (auto const& route : world.table) {
    if (route.access != http::Access::roles) continue;
    for (auto const& role : core::kRoles) {
      if (role.role == core::Role::system) continue;
      bool const named = std::find(route.roles.begin(), route.roles.end(), role.role) != route.roles.end();
      if (named && route.stream) continue;  // an open stream does not end
      auto const answer = world.ask(route.method, filled(route.path), role.id, route.method == "POST" ? "{}" : "");
      EXPECT_EQ(answer.status == 403, !named) << route.method << ' ' << route.path << ' ' << role.id << ": " << answer;
      if (!named) {
        EXPECT_EQ(answer.code(), "not_yours");
      }
    }
  }
}

TEST(Access, AReporterReachesNothingButItsReports) {
  World world;
  for (auto const* path : {"/api/v1/cases", "/api/v1/tasks", "/api/v1/tasks/stream", "/api/v1/stream",
                           "/api/v1/statistics/closure", "/api/v1/cases/3708712026112400001", "/api/v1/grids",
                           "/api/v1/components", "/api/v1/units", "/api/v1/squads"})
    EXPECT_EQ(world.get(path, "reporter").status, 403) << path;
  for (auto const* path : {"/api/v1/catalogue", "/api/v1/me"}) EXPECT_EQ(world.get(path, "reporter").status, 200) << path;
}

TEST(Access, AdministratorsSeeNoCases) {
  World world;
  for (auto const* role : {"sys_admin", "sec_admin", "catalogue_admin"})
    EXPECT_EQ(world.get("/api/v1/cases", role).status, 403) << role;
}

TEST(Description, EqualsTheTableBothWays) {
  World world;
  auto const document = world.get("/api/v1/openapi.json", "").body;
  EXPECT_TRUE(std::string_view(document.at("openapi").as_string()).starts_with("3.1"));
  std::set<std::string> described, served;
  for (auto const& [path, methods] : document.at("paths").as_object())
    for (auto const& [method, operation] : methods.as_object()) {
      std::string upper(method);
      std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
      described.insert(upper + " " + std::string(path));
    }
  for (auto const& route : world.table) served.insert(route.method + " " + route.path);
  EXPECT_EQ(described, served);
}

TEST(Description, HoldsEveryActionWithItsRequiredFields) {
  World world;
  auto const document = world.get("/api/v1/openapi.json", "").body;
  auto const& bodies = document.at("paths").at("/api/v1/cases/{case_no}/actions/{action}").at("post").at("requestBody")
                           .at("content").at("application/json").at("schema").at("anyOf").as_array();
  std::map<std::string, boost::json::object> by_name;
  for (auto const& body : bodies) by_name[std::string(body.at("title").as_string())] = body.as_object();
  EXPECT_EQ(by_name.size(), core::actions().size() - 1);
  for (auto const& action : core::actions()) {
    if (action.action == core::Action::report) continue;
    auto const& schema = by_name.at(std::string(action.id));
    std::set<std::string> required, expected{"command_id", "version"};
    for (auto const& name : schema.at("required").as_array()) required.emplace(name.as_string());
    for (auto const& spec : action.fields) {
      EXPECT_TRUE(schema.at("properties").as_object().contains(spec.name)) << action.id << ' ' << spec.name;
      if (spec.required) expected.emplace(spec.name);
    }
    EXPECT_EQ(required, expected) << action.id;
  }
}

TEST(Description, ReportTakesTheMembersOfTheContract) {
  World world;
  auto const document = world.get("/api/v1/openapi.json", "").body;
  auto const& schema = document.at("paths").at("/api/v1/reports").at("post").at("requestBody").at("content")
                           .at("application/json").at("schema");
  EXPECT_EQ(schema.at("type"), "object");
  std::set<std::string> required;
  for (auto const& name : schema.at("required").as_array()) required.emplace(name.as_string());
  EXPECT_EQ(required, (std::set<std::string>{"source", "category", "description", "lon", "lat", "reported_at"}));
  EXPECT_EQ(schema.at("properties").at("source").at("enum").as_array().size(), core::kSources.size());
  EXPECT_EQ(schema.at("properties").at("category").at("required").as_array().size(), 3u);
}

std::set<std::string> parameters_of(boost::json::object const& document, std::string const& path, std::string const& method, std::string_view in) {
  std::set<std::string> out;
  auto const& operation = document.at("paths").at(path).at(method).as_object();
  if (auto const* list = operation.if_contains("parameters"))
    for (auto const& parameter : list->as_array())
      if (parameter.at("in").as_string() == in) out.emplace(parameter.at("name").as_string());
  return out;
}

std::set<std::string> answers_of(boost::json::object const& document, std::string const& path, std::string const& method) {
  std::set<std::string> out;
  for (auto const& [status, answer] : document.at("paths").at(path).at(method).at("responses").as_object()) out.emplace(status);
  return out;
}

TEST(Description, CasesTakeExactlyTheFiltersThatAreRead) {
  World world;
  for (auto const* lang : {"zh", "en"}) {
    auto const document = world.ask("GET", "/api/v1/openapi.json", "", "", {{"Accept-Language", lang}}).body;
    auto const read = console::case_query();
    std::set<std::string> expected(read.begin(), read.end());
    expected.insert({"limit", "district"});
    EXPECT_EQ(parameters_of(document, "/api/v1/cases", "get", "query"), expected);
  }
}

// Every name that some door asks the query for is described somewhere, and none that nobody asks for.
TEST(Description, QueryParametersAreThoseTheDoorsAskFor) {
  World world;
  auto const document = world.get("/api/v1/openapi.json", "").body;
  std::set<std::string> described, asked;
  for (auto const& [path, methods] : document.at("paths").as_object())
    for (auto const& [method, operation] : methods.as_object())
      described.merge(parameters_of(document, std::string(path), std::string(method), "query"));
  for (auto const& entry : std::filesystem::recursive_directory_iterator(WANGGE_GATEWAYS)) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in(entry.path());
    std::string const text((std::istreambuf_iterator<char>(in)), {});
    for (std::string const call : {".arg(\"", "word(request, \""})
      for (std::size_t at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
        auto const name = at + call.size();
        asked.insert(text.substr(name, text.find('"', name) - name));
      }
  }
  for (auto const& name : console::case_query()) asked.insert(name);
  EXPECT_EQ(described, asked);
}

// What the doors' tests see answered, the document must say.
TEST(Description, SaysEveryAnswerOfTheRoutesThatChangeSomething) {
  World world;
  auto const document = world.get("/api/v1/openapi.json", "").body;
  using Set = std::set<std::string>;
  EXPECT_EQ(answers_of(document, "/api/v1/reports", "post"), (Set{"201", "202", "400", "401", "403", "413", "415", "422", "503", "507"}));
  EXPECT_EQ(answers_of(document, "/api/v1/media", "post"), (Set{"200", "201", "400", "401", "403", "413", "415", "422", "503", "507"}));
  EXPECT_EQ(answers_of(document, "/api/v1/uploads/{upload_id}", "patch"), (Set{"204", "400", "401", "403", "404", "409", "412", "413", "415", "422", "460", "503", "507"}));
  EXPECT_EQ(answers_of(document, "/api/v1/uploads", "post"), (Set{"201", "400", "401", "403", "412", "413", "415", "422", "429", "503", "507"}));
  EXPECT_EQ(answers_of(document, "/api/v1/media/{media_id}", "get"), (Set{"200", "206", "400", "401", "403", "404", "416", "503"}));
  EXPECT_EQ(answers_of(document, "/api/v1/cases/{case_no}/actions/{action}", "post"),
            (Set{"200", "400", "401", "403", "404", "409", "413", "415", "422", "503", "504"}));
  EXPECT_EQ(answers_of(document, "/api/v1/tasks/{task_id}/received", "post"),
            (Set{"204", "400", "401", "403", "404", "409", "413", "415", "422", "503", "504"}));
  EXPECT_EQ(answers_of(document, "/api/v1/cases", "get"), (Set{"200", "400", "401", "403", "422", "503"}));
  EXPECT_EQ(parameters_of(document, "/api/v1/reports", "post", "header"), (Set{"Idempotency-Key", "Prefer"}));
  auto const& media = document.at("paths").at("/api/v1/media").at("post").at("requestBody").at("content").as_object();
  for (auto const* type : {"image/jpeg", "image/png", "audio/mpeg", "video/mp4"}) EXPECT_TRUE(media.contains(type)) << type;
}

// The document's lengths are the door's: one character more is refused.
TEST(Description, LengthsOfAnActionAreTheDoors) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const document = world.get("/api/v1/openapi.json", "").body;
  auto const& bodies = document.at("paths").at("/api/v1/cases/{case_no}/actions/{action}").at("post").at("requestBody")
                           .at("content").at("application/json").at("schema").at("anyOf").as_array();
  for (auto const& body : bodies) {
    for (auto const& [name, schema] : body.at("properties").as_object()) {
      auto const* most = schema.as_object().if_contains("maxLength");
      if (most == nullptr) continue;
      auto input = command_body();
      input[name] = std::string(static_cast<std::size_t>(most->as_int64()) + 1, 'x');
      EXPECT_TRUE(world.act(body.at("title").as_string(), input).blames("/" + std::string(name), "too_long")) << body.at("title") << ' ' << name;
      input[name] = std::string(static_cast<std::size_t>(most->as_int64()), 'x');
      EXPECT_FALSE(world.act(body.at("title").as_string(), input).blames("/" + std::string(name), "too_long")) << body.at("title") << ' ' << name;
    }
  }
}

TEST(Description, ThePageListsEveryRouteInBothLanguages) {
  World world;
  auto const zh = world.get("/api/docs", "").text, en = world.ask("GET", "/api/docs", "", "", {{"Accept-Language", "en"}}).text;
  for (auto const& route : world.table) {
    EXPECT_NE(zh.find(route.summary_zh), std::string::npos) << route.path;
    EXPECT_NE(en.find(route.summary_en), std::string::npos) << route.path;
  }
}

TEST(Pages, ComeFromTheProgramWithAStrictPolicy) {
  World world;
  for (auto const* path : {"/", "/squad", "/patrol"}) {
    auto const page = world.get(path, "");
    ASSERT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_NE(page.headers.at("content-security-policy").find("default-src 'self'"), std::string::npos);
    for (std::size_t from = page.text.find("/assets/"); from != std::string::npos; from = page.text.find("/assets/", from + 1)) {
      auto const name = page.text.substr(from, page.text.find('"', from) - from);
      EXPECT_EQ(world.get(name, "").status, 200) << name;
    }
  }
  ASSERT_GT(console::web_files().size(), 8u);
  for (auto const& file : console::web_files()) {
    if (!file.name.starts_with("assets/")) continue;
    auto const asset = world.get("/" + std::string(file.name), "");
    EXPECT_EQ(asset.status, 200) << file.name;
    EXPECT_EQ(asset.text.size(), file.bytes.size()) << file.name;
    EXPECT_FALSE(asset.headers.contains("content-encoding")) << "who did not ask for it gets it plain";
  }
  for (auto const* bad : {"/assets/..%2fetc%2fpasswd", "/assets/nothing.js", "/nothing"}) EXPECT_EQ(world.get(bad, "").status, 404) << bad;
}

TEST(Pages, FilesWhoseNameIsTheirContentStayForEverAndGoOutCompressed) {
  World world;
  int immutable = 0;
  for (auto const& file : console::web_files()) {
    auto const name = std::string(file.name);
    bool const page = name.ends_with(".html");  // "/" is index.html, "/squad" squad.html
    auto const path = name == "index.html" ? "/" : "/" + (page ? name.substr(0, name.size() - 5) : name);
    auto const zipped = world.ask("GET", path, "", "", {{"Accept-Encoding", "br, gzip, deflate"}});
    ASSERT_EQ(zipped.status, 200) << path;
    EXPECT_EQ(zipped.headers.at("vary"), "Accept-Encoding");
    if (!file.gzipped.empty()) {
      EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip") << path;
      EXPECT_EQ(zipped.text.size(), file.gzipped.size()) << path;
    }
    bool const forever = zipped.headers.at("cache-control").find("immutable") != std::string::npos;
    immutable += forever;
    if (page || name == "sw.js") {
      EXPECT_FALSE(forever) << "a new version must be found: " << path;
    }
    EXPECT_FALSE(world.ask("GET", path, "", "", {{"Accept-Encoding", "gzip;q=0"}}).headers.contains("content-encoding")) << path;
  }
  EXPECT_GT(immutable, 8);
}

TEST(Health, ReadyMeansReportsCanBeAcceptedDurably) {
  World world;
  auto const status = [&] {
    auto const answer = world.get("/readyz", "");
    return std::pair(answer.status, std::string(answer.body.at("status").as_string()));
  };
  EXPECT_EQ(status(), std::pair(200, std::string("ok")));
  EXPECT_EQ(world.get("/readyz", "").body.at("parts").at("backup").at("age_s"), 60);
  world.database_there = false;
  EXPECT_EQ(status(), std::pair(200, std::string("degraded")));
  world.road.well.dispatcher_connected = false;
  EXPECT_EQ(status(), std::pair(200, std::string("degraded")));
  world.road.well.spool_writable = false;
  EXPECT_EQ(status(), std::pair(503, std::string("unavailable")));
  EXPECT_TRUE(world.get("/readyz", "").headers.contains("retry-after"));
  world.road.well.spool_writable = true;
  world.road.well.spool_full = true;
  EXPECT_EQ(status(), std::pair(503, std::string("unavailable"))) << "on a full disk no report can be made durable";
  EXPECT_TRUE(world.get("/readyz", "").headers.contains("retry-after"));
  EXPECT_EQ(world.get("/readyz", "").body.at("parts").at("spool").at("status"), "full");
  EXPECT_NE(world.get("/metrics", "").text.find("\nwangge_spool_full 1\n"), std::string::npos);
  world.road.well.spool_full = false;
  world.road.well.reference_version = 0;
  EXPECT_EQ(status(), std::pair(503, std::string("unavailable")));
  EXPECT_EQ(world.get("/healthz", "").status, 200);
}

// The health answers wait for nobody: with every worker held they still come.
TEST(Health, IsAnsweredWhileEveryWorkerHangs) {
  World world;
  std::unique_lock held(world.reads.mutex);
  std::vector<std::unique_ptr<http::test::Client>> hung;
  for (int i = 0; i < 4; ++i) {
    hung.push_back(std::make_unique<http::test::Client>(world.port));
    hung.back()->send(http::test::get("/api/v1/cases", "shift_leader"));
  }
  while (world.server->counts().requests < 4) std::this_thread::yield();
  for (auto const* path : {"/readyz", "/healthz", "/metrics"}) EXPECT_EQ(world.get(path, "").status, 200) << path;
  held.unlock();
  for (auto& client : hung) EXPECT_EQ(client->read().status, 200);
}

TEST(Health, MetricsAreInPrometheusText) {
  World world;
  world.get("/api/v1/me", "leader");
  auto const answer = world.get("/metrics", "");
  EXPECT_TRUE(answer.headers.at("content-type").starts_with("text/plain; version=0.0.4"));
  for (auto const* name : {"wangge_http_requests_total ", "wangge_spool_queued 0", "wangge_dispatcher_connected 1", "wangge_task_streams 0", "wangge_audit_waiting 3",
                           "wangge_audit_written_total 4", "wangge_audit_lost_total 5"})
    EXPECT_NE(answer.text.find(std::string("\n") + name), std::string::npos) << name;
}

}  // namespace
}  // namespace wangge::test
