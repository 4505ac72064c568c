// Loads the demo: standing data in one transaction, then its people. The two JSON files in DATA are written before the
// database learns of a token, so that a crash between the two is healed by the next call.
#include "deploy/demo/demo.hpp"

#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "deploy/demo/grid.hpp"
#include "deploy/demo_data.hpp"
#include "deploy/layout.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;
namespace standing = storage::standing;
using standing::StandingSet;

constexpr std::string_view kGrid = "grid-1";  // raise when grid.cpp gives other cells
constexpr int kTokenDays = 90;

bool demo_file(std::string const& name, std::string& text) {
  for (auto const& file : kDemoFiles) {
    if (file.name == name) {
      text = std::string(file.text);
      return true;
    }
  }
  return false;
}

// A person as the files in DATA keep him.
struct Person {
  TokenRequest request;
  std::string password, token;
};

std::string key_of(TokenRequest const& r) {
  return r.name + " " + r.role;
}

std::string text_at(json::object const& object, std::string_view name) {
  auto const* found = object.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

// What an earlier call gave out: kept, so that nobody's token changes under him.
std::map<std::string, std::pair<std::string, std::string>> known_in(std::filesystem::path const& file) {
  std::map<std::string, std::pair<std::string, std::string>> known;
  auto const text = read_file(file);
  if (text.empty()) return known;
  json::error_code error;
  auto const list = json::parse(text, error);
  if (error || !list.is_array()) throw storage::Broken(file.string() + " is not the list it should be; move it away");
  for (auto const& item : list.as_array()) {
    if (!item.is_object()) continue;
    auto const& o = item.as_object();
    known[text_at(o, "name") + " " + text_at(o, "role")] = {text_at(o, "password"), text_at(o, "token")};
  }
  return known;
}

std::vector<Person> people_for(std::filesystem::path const& file, std::vector<TokenRequest> const& requests) {
  auto const known = known_in(file);
  std::vector<Person> people;
  for (auto const& request : requests) {
    Person person{request, "", ""};
    if (auto const found = known.find(key_of(request)); found != known.end()) {
      std::tie(person.password, person.token) = found->second;
    }
    if (person.token.empty()) person.token = random_token();
    if (person.password.empty() && !request.backdate) person.password = sessions::random_password();
    people.push_back(std::move(person));
  }
  return people;
}

void write_people(std::filesystem::path const& file, std::vector<Person> const& people) {
  json::array list;
  for (auto const& person : people) {
    auto const& r = person.request;
    json::object o{{"name", r.name}, {"role", r.role}, {"district", r.district}, {"unit", r.unit}, {"squad", r.squad}};
    if (!r.street.empty()) o["street"] = r.street;
    if (!r.sources.empty()) o["sources"] = json::value_from(r.sources);
    if (!person.password.empty()) o["password"] = person.password;
    o["token"] = person.token;
    list.emplace_back(std::move(o));
  }
  std::string text = "[\n";
  for (std::size_t i = 0; i < list.size(); ++i) {
    text += "  " + json::serialize(list[i]) + (i + 1 < list.size() ? ",\n" : "\n");
  }
  text += "]\n";
  if (read_file(file) != text) write_file(file, text, 0600);
}

standing::TokenWrite token_write(Person const& person) {
  auto const& r = person.request;
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  return {token_hash(person.token),
          {r.name, *core::role_from(r.role), r.district, r.street, r.unit, r.squad, r.sources, r.backdate},
          now + std::chrono::days(kTokenDays)};
}

void put_people(std::string const& url, std::vector<Person> const& accounts, std::vector<Person> const& backdate) {
  std::vector<standing::TokenWrite> tokens;
  std::vector<standing::AccountWrite> writes;
  for (auto const& person : accounts) {
    tokens.push_back(token_write(person));
    // Cheap: the passwords are random and long, and a first start should not wait for eighty slow hashes.
    writes.push_back({tokens.back().who, sessions::password_hash(person.password, sessions::kCheap)});
  }
  for (auto const& person : backdate) tokens.push_back(token_write(person));
  standing::add_tokens(url, tokens);
  standing::add_accounts(url, writes);
}

}  // namespace

namespace {
// Without its grid the set is read in a moment: enough to know its people.
StandingSet read_demo(bool with_places) {
  auto read = read_city_files(demo_file, [&](StandingSet& set) {
    if (!with_places) return;
    set.cells = make_cells(set.communities);
    set.components = make_components(set.cells);
  });
  for (auto const& bad : read.bad) {
    std::fprintf(stderr, "demo data %s:%lld %s: %s\n", bad.file.c_str(), static_cast<long long>(bad.line),
                 bad.column.c_str(), bad.reason.c_str());
  }
  if (!read.ok()) std::abort();
  return std::move(read.set);
}
}  // namespace

StandingSet demo_set() {
  return read_demo(true);
}

std::string demo_fingerprint() {
  std::string all(kGrid);
  for (auto const& file : kDemoFiles) {
    if (file.name == "photos.b64") continue;  // no standing data
    all.append(file.name).append("\n").append(file.text);
  }
  return "demo:" + sha256_hex(all);
}

std::vector<TokenRequest> demo_people(StandingSet const& set) {
  std::vector<TokenRequest> people;
  auto add = [&](std::string name, std::string_view role, std::string unit = "", std::string squad = "") {
    people.push_back({std::move(name),
                      std::string(role),
                      set.district,
                      "",
                      std::move(unit),
                      std::move(squad),
                      {},
                      false,
                      kTokenDays});
  };
  add("app-1", "reporter");
  people.back().sources = {"public", "media", "video", "ai", "sensor", "import"};
  for (auto const& line : set.duty) {
    bool const there =
        std::any_of(people.begin(), people.end(), [&](auto const& p) { return p.name == line.patroller; });
    if (!there) add(line.patroller, "patroller", line.unit);
  }
  add("patrol-lead-1", "patrol_lead", "collector");
  add("hotline-1", "hotline_agent");
  add("acceptor-1", "acceptor");
  add("shift-leader-1", "shift_leader");
  add("shift-leader-2", "shift_leader");
  add("dispatch-1", "dispatch_officer");
  std::set<std::string> disposing;
  for (auto const& squad : set.squads) {
    if (disposing.insert(squad.unit).second) {
      add("clerk-" + squad.unit, "unit_clerk", squad.unit);
      add("head-" + squad.unit, "unit_head", squad.unit);
    }
    add("lead-" + squad.key, "squad_leader", squad.unit, squad.key);
    add("worker-" + squad.key, "disposer", squad.unit, squad.key);
  }
  for (char const* role : {"coordinator", "evaluator", "inspector", "leader"}) add(std::string(role) + "-1", role);
  add("sys-admin-1", "sys_admin");
  add("sec-admin-1", "sec_admin");
  add("auditor-1", "auditor");
  add("catalogue-admin-1", "catalogue_admin");
  return people;
}

bool may_backdate(std::string_view role) {
  for (std::string_view const no : {"evaluator", "inspector", "sys_admin", "sec_admin", "auditor", "catalogue_admin"}) {
    if (role == no) return false;
  }
  return true;
}

int load_demo(std::string const& url, std::string const& data_dir, Progress const& progress) {
  auto const set = read_demo(false);
  auto const mine = demo_fingerprint();
  auto const there = standing::fingerprint_of(url, set.district);
  // A city's own files under this code are the city's: only an older demo is replaced.
  bool const replace = standing::version_of(url, set.district) == 0 || there.starts_with("demo:");
  if (replace && there != mine) standing::write(url, demo_set(), mine, progress);

  std::filesystem::path const data(data_dir);
  std::filesystem::create_directories(data);
  auto const requests = demo_people(set);
  std::vector<TokenRequest> old_days;
  for (auto request : requests) {
    if (!may_backdate(request.role)) continue;
    request.backdate = true;
    if (request.role == "reporter") request.sources.assign(core::kSources.begin(), core::kSources.end());
    old_days.push_back(std::move(request));
  }
  auto const accounts = people_for(data / "demo-accounts.json", requests);
  auto const backdate = people_for(data / "demo-backdate.json", old_days);
  write_people(data / "demo-accounts.json", accounts);
  write_people(data / "demo-backdate.json", backdate);
  put_people(url, accounts, backdate);
  return 0;
}

}  // namespace wangge::deploy
