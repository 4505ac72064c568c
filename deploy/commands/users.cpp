// user: who may come in. Tokens for programs and devices; accounts for people, with their passwords, one-time codes and sessions.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/output.hpp"
#include "deploy/tokens.hpp"
#include "gateways/sessions/passwords.hpp"
#include "storage/audit.hpp"
#include "storage/logins.hpp"
#include "storage/times.hpp"

namespace wangge::deploy {
namespace {

constexpr int kAtOnce = 200;

void tell(std::string const& text) {
  spdlog::info("{}", text);
}

struct Asked {
  TokenRequest request;
  std::string password, subject, session, role, text;
  bool reset = false;
};

// What is done to one login, with the database and the log of deeds at hand.
struct Office {
  Office(Context& c, Asked const& asked)
      : database(c.settings, c.layout, tell), logins(storage::open_logins(database.url(), 1)), district(only_district(database.url(), asked.request.district)) {}
  Database database;
  std::unique_ptr<storage::Logins> logins;
  std::string district;

  storage::Login login(std::string const& name) const {
    for (auto& one : logins->find(name))
      if (one.district == district) return std::move(one);
    throw Failure("no account " + name + " in district " + district);
  }
  // Deeds of the machine's administrator stand in the audit log like everybody's.
  void note(std::string const& deed, std::string const& subject, std::string const& detail = "") const {
    storage::AuditLog log(database.url(), "command");
    char const* const user = std::getenv("USER");
    log.write({district, user != nullptr && *user != '\0' ? user : "root", "machine", deed, subject, detail},
              std::chrono::floor<core::Millis>(std::chrono::system_clock::now()));
  }
};

std::string when(std::optional<core::Instant> const& at) {
  return at ? storage::format_instant(*at, std::chrono::minutes{480}) : "";
}

void print_secret(Context const& c, std::string const& district, std::string const& name, std::string const& password) {
  print_one({{"name", "district", "password"}, {}, {{name, district, password}}}, "password", style_for_stdout(c.json), std::cout);
}

void refuse_weak(std::string const& password, std::string const& name) {
  if (auto const fault = sessions::password_fault(password, name); !fault.empty())
    throw UsageError("the password is not taken: " + std::string(fault) + " (10 to 128 characters, not one's own name, not a few repeated ones)");
}

int run_token(Context& c, Asked const& asked) {
  if (auto const wrong = check(asked.request); !wrong.empty()) throw UsageError(wrong);
  Database database(c.settings, c.layout, tell);
  try {
    auto const token = make_token(database.url(), asked.request);
    print_one({{"name", "role", "district", "token"}, {}, {{asked.request.name, asked.request.role, asked.request.district, token}}}, "token",
              style_for_stdout(c.json), std::cout);
  } catch (std::invalid_argument const& error) {
    throw UsageError(error.what());
  }
  return kOk;
}

int run_add(Context& c, Asked const& asked) {
  if (auto const wrong = check(asked.request); !wrong.empty()) throw UsageError(wrong);
  if (!asked.password.empty()) refuse_weak(asked.password, asked.request.name);
  Office office(c, asked);
  try {
    auto const set = put_account(office.database.url(), asked.request, asked.password);
    if (!asked.subject.empty()) office.logins->set_subject(office.district, asked.request.name, asked.subject);
    office.note("account_put", asked.request.name, asked.request.role);
    if (asked.password.empty()) print_secret(c, office.district, asked.request.name, set);
  } catch (std::invalid_argument const& error) {
    throw UsageError(error.what());
  }
  return kOk;
}

// From a terminal without echo, from a pipe as its first line; a random one is made and printed with --random.
std::string asked_password(std::string const& given) {
  if (!given.empty()) return given;
  if (isatty(STDIN_FILENO) == 0) {
    std::string line;
    std::getline(std::cin, line);
    return line;
  }
  char* const typed = getpass("New password: ");
  return typed == nullptr ? std::string() : std::string(typed);
}

int run_passwd(Context& c, Asked const& asked) {
  Office office(c, asked);
  auto const login = office.login(asked.request.name);
  auto const password = asked.reset ? sessions::random_password() : asked_password(asked.password);
  refuse_weak(password, login.name);
  office.logins->set_password(office.district, login.name, sessions::password_hash(password), asked.reset, "");
  office.note("account_reset_password", login.name);
  if (asked.reset) print_secret(c, office.district, login.name, password);
  return kOk;
}

int run_list(Context& c, Asked const& asked) {
  if (!asked.role.empty() && !core::role_from(asked.role)) throw UsageError("unknown role " + asked.role);
  Office office(c, asked);
  Listing table{{"name", "role", "street", "unit", "squad", "state", "totp", "subject", "seen_at"}, {}, {}};
  for (std::string after;;) {
    auto const page = office.logins->page(office.district, after, asked.text, asked.role, kAtOnce);
    for (auto const& l : page)
      for (auto const& r : l.roles)
        table.rows.push_back({l.name, std::string(core::id(r.role)), r.street, r.unit, r.squad,
                              l.disabled ? "disabled" : l.must_change ? "new" : "open", l.totp_key.empty() ? "" : "yes", l.subject, when(l.seen_at)});
    if (page.size() < kAtOnce) break;
    after = page.back().name;
  }
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_shut(Context& c, Asked const& asked, bool disabled) {
  Office office(c, asked);
  auto const login = office.login(asked.request.name);
  if (!office.logins->set_disabled(office.district, login.name, disabled))
    throw Failure(login.name + (disabled ? " is disabled already" : " is not disabled"));
  office.note(disabled ? "account_disable" : "account_enable", login.name);
  return kOk;
}

int run_totp(Context& c, Asked const& asked) {
  Office office(c, asked);
  auto const login = office.login(asked.request.name);
  if (!asked.reset) {
    print({{"name", "totp", "recovery_codes_left"}, {}, {{login.name, login.totp_key.empty() ? "off" : "on", std::to_string(login.recovery_left)}}, {"recovery_codes_left"}},
          style_for_stdout(c.json), std::cout);
    return kOk;
  }
  if (!office.logins->clear_totp(office.district, login.name)) throw Failure(login.name + " has no one-time codes");
  office.note("account_clear_totp", login.name);
  return kOk;
}

int run_sessions(Context& c, Asked const& asked) {
  Office office(c, asked);
  Listing table{{"session_id", "role", "how", "address", "opened_at", "seen_at", "expires_at", "ended_at", "why"}, {}, {}};
  for (auto const& s : office.logins->of(office.district, office.login(asked.request.name).name))
    table.rows.push_back({s.session_id, std::string(core::id(s.who.role)), s.how, s.address, when(s.opened_at), when(s.seen_at), when(s.expires_at),
                          when(s.ended_at), s.ended_why});
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

// Tokens of a name and its sessions: whoever asks for it wants nobody left inside.
int run_revoke(Context& c, Asked const& asked) {
  Office office(c, asked);
  auto const& name = asked.request.name;
  auto const tokens = asked.session.empty() ? revoke_tokens(office.database.url(), office.district, name) : 0;
  auto const ended = office.logins->end(office.district, name, asked.session, "", "by_admin");
  if (!asked.session.empty() && ended == 0) throw Failure("no open session " + asked.session + " of " + name);
  office.note("account_end_sessions", name, std::to_string(tokens) + " tokens, " + std::to_string(ended) + " sessions");
  print_one({{"name", "tokens", "sessions", "ended"}, {}, {{name, std::to_string(tokens), std::to_string(ended), std::to_string(tokens + ended)}},
             {"tokens", "sessions", "ended"}}, "ended", style_for_stdout(c.json), std::cout);
  return kOk;
}

}  // namespace

void add_user(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("user", "Accounts of people, their sessions, and tokens for programs");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto const asked = std::make_shared<Asked>();
  auto const command = [&](char const* name, char const* help, int (*run)(Context&, Asked const&), bool of_somebody = true) {
    auto* const one = sub->add_subcommand(name, help);
    if (of_somebody) one->add_option("NAME", asked->request.name, "Whose")->required();
    one->add_option("--district", asked->request.district, "Six digits")->capture_default_str();
    one->fallthrough();
    one->callback([&c, asked, run] { c.run = [&c, asked, run] { return run(c, *asked); }; });
    return one;
  };
  auto const scope = [&](CLI::App& one) {
    one.add_option("--role", asked->request.role, "patroller, dispatch_officer, …")->required();
    one.add_option("--street", asked->request.street, "Only this street");
    one.add_option("--unit", asked->request.unit, "Only this unit");
    one.add_option("--squad", asked->request.squad, "Only this squad");
  };

  auto* token = command("token", "Print a new bearer token for a program or device; it is seen only this once", run_token);
  scope(*token);
  token->add_option("--sources", asked->request.sources, "Reporters: the sources they may use, comma-separated")->delimiter(',');
  token->add_flag("--backdate", asked->request.backdate, "May set `at` (replay, paper back-entry)");
  token->add_option("--days", asked->request.days, "Valid for so many days")->capture_default_str()->check(CLI::Range(1, 3650));

  auto* add = command("add", "Make an account or change its post's scope; prints its password when none is given, to be changed at the first sign-in", run_add);
  scope(*add);
  add->add_option("--password", asked->password, "Better left out: a random one is made and printed");
  add->add_option("--subject", asked->subject, "How the city's own sign-on calls this person");

  auto* passwd = command("passwd", "Set a password, asked for on the terminal or read from a pipe; ends the account's sessions", run_passwd);
  passwd->add_flag("--random", asked->reset, "Make one and print it; it must be changed at the next sign-in");

  auto* list = command("list", "Accounts with their posts", run_list, false);
  list->add_option("--role", asked->role, "Only this role");
  list->add_option("--text", asked->text, "Only names that hold this");

  command("disable", "Shut an account and end its sessions", [](Context& context, Asked const& a) { return run_shut(context, a, true); });
  command("enable", "Open it again", [](Context& context, Asked const& a) { return run_shut(context, a, false); });
  command("totp", "Whether an account has one-time codes", run_totp)->add_flag("--reset", asked->reset, "Take them off: the telephone is lost");
  command("sessions", "An account's sessions, the newest first", run_sessions);
  command("revoke", "End every session and token of a name", run_revoke)->add_option("--session", asked->session, "Only this session");
}

}  // namespace wangge::deploy
