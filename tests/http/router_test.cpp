// The table of routes: what does not start, and which row a path finds.
#include <gtest/gtest.h>

#include "client.hpp"
#include "gateways/http/router.hpp"

namespace wangge::http {
namespace {

using test::route;

void nothing(Request, Reply) {}

std::string fault_of(std::vector<Route> routes) {
  try {
    Router const router(std::move(routes));
  } catch (std::logic_error const& e) {
    return e.what();
  }
  return "";
}

TEST(Router, AnIncompleteRowDoesNotStartAndIsNamed) {
  auto const broken = [](auto change) {
    Route r = route("GET", "/things/{id}", nothing);
    change(r);
    return fault_of({r});
  };
  EXPECT_EQ(broken([](Route&) {}), "");
  for (std::string const& fault : {
           broken([](Route& r) { r.access = Access::roles; }),
           broken([](Route& r) { r.roles = {core::Role::leader}; }),
           broken([](Route& r) { r.audit = ""; }),
           broken([](Route& r) { r.audit = "some"; }),
           broken([](Route& r) { r.handle = nullptr; }),
           broken([](Route& r) { r.stream = [](Request, std::shared_ptr<Stream>) {}; }),
           broken([](Route& r) { r.method = ""; }),
           broken([](Route& r) { r.method = "HEAD"; }),
           broken([](Route& r) { r.path = "/things/{id}/{id}"; }),
           broken([](Route& r) { r.path = "/things/x{id}"; }),
           broken([](Route& r) { r.path = "/things/"; }),
           broken([](Route& r) { r.path = "/thing%73"; }),
       }) {
    EXPECT_NE(fault.find("route "), std::string::npos) << fault;
  }
  EXPECT_NE(broken([](Route& r) { r.path = ""; }), "");
  // A row filled by hand with nothing but its path has roles as access and no role: it must not start.
  Route bare;
  bare.method = "GET";
  bare.path = "/bare";
  bare.handle = nothing;
  EXPECT_NE(fault_of({bare}), "");
}

TEST(Router, TheSamePathTwiceDoesNotStart) {
  EXPECT_NE(fault_of({route("GET", "/a", nothing), route("GET", "/a", nothing)}), "");
  EXPECT_NE(fault_of({route("GET", "/a/{x}", nothing), route("GET", "/a/{y}", nothing)}), "");
  EXPECT_NE(fault_of({route("GET", "/a/{x}", nothing), route("POST", "/a/{y}", nothing)}), "");
  EXPECT_EQ(fault_of({route("GET", "/a/{x}", nothing), route("POST", "/a/{x}", nothing), route("GET", "/a/b", nothing)}), "");
}

struct Table {
  Router router{{route("GET", "/", nothing), route("GET", "/cases", nothing), route("POST", "/cases", nothing),
                 route("GET", "/cases/{no}", nothing), route("GET", "/cases/export", nothing),
                 route("POST", "/cases/{no}/actions/{action}", nothing), route("GET", "/{a}/{b}", nothing)}};
  std::string find(std::string_view method, std::string_view path, NameMap* params = nullptr) {
    NameMap mine;
    auto const match = router.find(method, path, params != nullptr ? *params : mine);
    if (match.bad_path) return "bad";
    if (match.route != nullptr) return match.route->path;
    return match.allow.empty() ? "none" : "allow " + match.allow;
  }
};

TEST(Router, TheMostExactRowIsFound) {
  Table t;
  EXPECT_EQ(t.find("GET", "/"), "/");
  EXPECT_EQ(t.find("GET", "/cases"), "/cases");
  EXPECT_EQ(t.find("HEAD", "/cases"), "/cases");
  EXPECT_EQ(t.find("GET", "/cases/export"), "/cases/export");
  EXPECT_EQ(t.find("GET", "/cases/exp%6Frt"), "/cases/export") << "an encoded letter is the same letter";
  EXPECT_EQ(t.find("GET", "/x/y"), "/{a}/{b}");
  EXPECT_EQ(t.find("GET", "/x/y/z"), "none");
  EXPECT_EQ(t.find("GET", "/cases/"), "none");
  EXPECT_EQ(t.find("GET", "//cases"), "none");
  EXPECT_EQ(t.find("GET", "/Cases"), "none");
  EXPECT_EQ(t.find("DELETE", "/cases"), "allow GET, POST, HEAD, OPTIONS");
  EXPECT_EQ(t.find("GET", "/cases/1/actions/close"), "allow POST, OPTIONS");
}

TEST(Router, NamesAreDecodedAndCannotLeaveTheirFolder) {
  Table t;
  NameMap params;
  EXPECT_EQ(t.find("POST", "/cases/37%300/actions/%E7%BD%91", &params), "/cases/{no}/actions/{action}");
  EXPECT_EQ(params.at("no"), "3700");
  EXPECT_EQ(params.at("action"), "网");
  for (auto const* path : {"/cases/..", "/cases/.", "/cases/%2e%2e", "/cases/a%2Fb", "/cases/a%5Cb", "/cases/a\\b", "/cases/%0a",
                           "/assets/../cases", "/../cases", "/..%2fetc%2fpasswd"}) {
    EXPECT_EQ(t.find("GET", path), "none") << path << " is no path of this server";
  }
  for (auto const* path : {"/cases/%00", "/cases/%", "/cases/%ff", "/cases/%c0%ae", "cases"}) {
    EXPECT_EQ(t.find("GET", path), "bad") << path << " cannot be read";
  }
}

TEST(Query, ARepeatedNameIsToldAndNothingHalfDecodedPasses) {
  NameMap q;
  std::string repeated;
  EXPECT_TRUE(split_query("a=1&b=%E7%BD%91+x&&c&d=x=y", q, &repeated));
  EXPECT_EQ(repeated, "");
  EXPECT_EQ(q.get("a"), "1");
  EXPECT_EQ(q.get("b"), "网 x");
  EXPECT_TRUE(q.contains("c"));
  EXPECT_EQ(q.get("d"), "x=y");
  NameMap twice;
  EXPECT_TRUE(split_query("a=1&b=2&%61=1", twice, &repeated));
  EXPECT_EQ(repeated, "a");
  EXPECT_FALSE(split_query("a=%", q));
  EXPECT_FALSE(split_query("%00=1", q));
}

}  // namespace
}  // namespace wangge::http
