// The document says exactly what the table serves.
#include <gtest/gtest.h>

#include <set>

#include "client.hpp"
#include "gateways/http/openapi.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::http {
namespace {

using test::route;

void nothing(Request, Reply) {}

std::vector<Route> table() {
  std::vector<Route> routes{route("GET", "/healthz", nothing),
                            route("GET", "/api/v1/cases/{case_no}", nothing, Access::any_role),
                            route("POST", "/api/v1/cases/{case_no}/actions/{action}", nothing, Access::roles,
                                  {core::Role::acceptor, core::Role::shift_leader})};
  Route stream = route("GET", "/api/v1/stream", nullptr, Access::any_role);
  stream.stream = [](Request, std::shared_ptr<Stream>) {};
  routes.push_back(stream);
  return routes;
}

TEST(OpenApi, EveryRouteAndNothingElseStandsInTheDocument) {
  auto const routes = table();
  auto const doc = parse_json(openapi(routes, {}, "en"));
  ASSERT_TRUE(doc);
  EXPECT_EQ(doc->at("openapi").as_string(), "3.1.0");
  std::size_t operations = 0;
  for (auto const& [path, item] : doc->at("paths").as_object()) operations += item.as_object().size();
  EXPECT_EQ(operations, routes.size());
  for (auto const& r : routes) {
    auto const& operation = doc->at("paths").at(r.path).at(r.method == "GET" ? "get" : "post");
    EXPECT_EQ(operation.at("summary").as_string(), "Test");
    EXPECT_FALSE(operation.at("responses").as_object().empty());
  }
}

TEST(OpenApi, NamesParametersRolesSchemasAndWhatIsPublic) {
  std::string const key = "POST /api/v1/cases/{case_no}/actions/{action}";
  auto const doc = parse_json(openapi(table(), {{key, {.schema = R"({"type":"object","required":["version"]})"}}}, "zh"));
  ASSERT_TRUE(doc);
  auto const& action = doc->at("paths").at("/api/v1/cases/{case_no}/actions/{action}").at("post");
  EXPECT_EQ(canonical(action.at("parameters").at(1)),
            R"({"in":"path","name":"action","required":true,"schema":{"type":"string"}})");
  EXPECT_EQ(canonical(action.at("x-roles")), R"(["acceptor","shift_leader"])");
  EXPECT_EQ(canonical(action.at("requestBody")),
            R"({"content":{"application/json":{"schema":{"required":["version"],"type":"object"}}},"required":true})");
  EXPECT_EQ(canonical(action.at("responses").at("401").at("content")),
            R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}})");
  EXPECT_EQ(action.at("summary").as_string(), "测试");
  EXPECT_EQ(canonical(doc->at("paths").at("/healthz").at("get").at("security")), "[]");
  EXPECT_FALSE(doc->at("paths").at("/healthz").at("get").at("responses").as_object().contains("401"));
  EXPECT_EQ(canonical(doc->at("security")), R"([{"bearer":[]}])");
  EXPECT_EQ(canonical(doc->at("components").at("schemas").at("Problem").at("required")),
            R"(["type","title","status","code","detail","errors"])");
  EXPECT_TRUE(doc->at("paths").at("/api/v1/stream").at("get").at("responses").at("200").at("content").as_object().contains(
      "text/event-stream"));
}

TEST(OpenApi, SaysParametersRawBodiesAndEveryAnswer) {
  std::string const key = "POST /api/v1/cases/{case_no}/actions/{action}";
  auto const doc = parse_json(openapi(table(),
                                      {{key, {.raw = {"image/png", "audio/mpeg"},
                                              .parameters = R"([{"name":"Prefer","in":"header","schema":{"type":"string"}}])",
                                              .answer = R"({"type":"object"})",
                                              .success = {200, 201},
                                              .refusals = {409, 504, 507}}},
                                       {"GET /healthz", {.parameters = R"([{"name":"limit","in":"query","schema":{"type":"integer"}}])"}}},
                                      "en"));
  ASSERT_TRUE(doc);
  auto const statuses = [](boost::json::value const& operation) {
    std::set<std::string> out;
    for (auto const& [status, answer] : operation.at("responses").as_object()) {
      out.insert(std::string(status));
      EXPECT_FALSE(answer.at("description").as_string().empty());
    }
    return out;
  };
  auto const& action = doc->at("paths").at("/api/v1/cases/{case_no}/actions/{action}").at("post");
  EXPECT_EQ(statuses(action), (std::set<std::string>{"200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "503", "504", "507"}));
  EXPECT_EQ(action.at("parameters").as_array().size(), 3U);
  EXPECT_EQ(canonical(action.at("parameters").at(2)), R"({"in":"header","name":"Prefer","schema":{"type":"string"}})");
  EXPECT_TRUE(action.at("requestBody").at("content").as_object().contains("audio/mpeg"));
  EXPECT_EQ(canonical(action.at("responses").at("201").at("content")), R"({"application/json":{"schema":{"type":"object"}}})");
  EXPECT_TRUE(action.at("responses").at("507").as_object().contains("headers"));
  EXPECT_EQ(statuses(doc->at("paths").at("/healthz").at("get")), (std::set<std::string>{"200", "400", "422", "503"}));
  EXPECT_EQ(statuses(doc->at("paths").at("/api/v1/cases/{case_no}").at("get")), (std::set<std::string>{"200", "400", "401", "403", "404", "503"}));
}

TEST(OpenApi, ADescriptionOfNoRouteIsAFault) {
  EXPECT_THROW(openapi(table(), {{"POST /nowhere", {.schema = "{}"}}}, "en"), std::logic_error);
  EXPECT_THROW(openapi(table(), {{"GET /healthz", {.schema = "{"}}}, "en"), std::logic_error);
  EXPECT_THROW(openapi(table(), {{"GET /healthz", {.parameters = "{}"}}}, "en"), std::logic_error);
  EXPECT_THROW(openapi(table(), {{"GET /healthz", {.refusals = {418}}}}, "en"), std::logic_error);
}

}  // namespace
}  // namespace wangge::http
