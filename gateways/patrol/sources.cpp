// Who may report, and under which source: the table.
#include <algorithm>
#include <array>

#include "gateways/patrol/report_form.hpp"

namespace wangge::patrol {
namespace {

using core::Role;

struct RoleSources {
  Role role;
  std::string_view sources;  // separated by spaces; the reporter's own stand on the token
};

constexpr std::string_view kAllButPatrol =
    "hotline_12319 hotline_12345 public leader media video ai inspection department enforcement sensor import";

constexpr std::array kTable{
    RoleSources{Role::reporter, ""},
    RoleSources{Role::patroller, "patrol"},
    RoleSources{Role::patrol_lead, "patrol"},
    RoleSources{Role::hotline_agent, "hotline_12319 hotline_12345 public leader media department"},
    RoleSources{Role::acceptor, kAllButPatrol},
    RoleSources{Role::shift_leader, kAllButPatrol},
    RoleSources{Role::dispatch_officer, "leader department enforcement"},
    RoleSources{Role::evaluator, "inspection"},
    RoleSources{Role::inspector, "inspection"},
    RoleSources{Role::leader, "leader inspection"},
};

constexpr auto kRoles = [] {
  std::array<Role, kTable.size()> roles{};
  for (std::size_t i = 0; i < kTable.size(); ++i) roles[i] = kTable[i].role;
  return roles;
}();

bool lists(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    auto const end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

std::span<Role const> reporting_roles() { return kRoles; }

bool may_use_source(core::Principal const& who, std::string_view source) {
  auto const row = std::find_if(kTable.begin(), kTable.end(), [&](auto const& r) { return r.role == who.role; });
  if (row == kTable.end()) return false;
  if (lists(row->sources, source)) return true;
  if (std::find(who.sources.begin(), who.sources.end(), source) != who.sources.end()) return true;
  return who.backdate && source == "import";  // paper back-entry and replay
}

}  // namespace wangge::patrol
