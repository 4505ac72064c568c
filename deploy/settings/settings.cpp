// The table of keys and the four places a value may come from. See settings.hpp.
#include "deploy/settings/settings.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <variant>

#include "deploy/errors.hpp"

extern char** environ;  // NOLINT: the name is POSIX's

namespace wangge::deploy {
namespace {

using List = std::vector<std::string>;
using Value = std::variant<std::string, std::int64_t, bool, List>;

struct Key {
  std::string_view name, help;
  std::function<void(Settings&, Value const&)> set;  // throws std::invalid_argument with the reason
  enum class Type { text, integer, truth, list } type;
};

template <class T>
T const& as(Value const& v, char const* wanted) {
  if (auto const* p = std::get_if<T>(&v)) return *p;
  throw std::invalid_argument(std::string("must be ") + wanted);
}

template <class Get>
Key text(std::string_view name, std::string_view help, Get get) {
  return {name, help, [get](Settings& s, Value const& v) { get(s) = as<std::string>(v, "text in quotes"); },
          Key::Type::text};
}
template <class Get>
Key integer(std::string_view name, std::string_view help, std::int64_t low, std::int64_t high, Get get) {
  auto set = [get, low, high](Settings& s, Value const& v) {
    auto const n = as<std::int64_t>(v, "a whole number");
    if (n < low || n > high)
      throw std::invalid_argument(std::to_string(n) + " is not between " + std::to_string(low) + " and " +
                                  std::to_string(high));
    get(s) = n;
  };
  return {name, help, set, Key::Type::integer};
}
template <class Get>
Key truth(std::string_view name, std::string_view help, Get get) {
  return {name, help, [get](Settings& s, Value const& v) { get(s) = as<bool>(v, "true or false"); }, Key::Type::truth};
}
template <class Get>
Key list(std::string_view name, std::string_view help, Get get) {
  return {name, help, [get](Settings& s, Value const& v) { get(s) = as<List>(v, "a list of texts"); }, Key::Type::list};
}

// A name that is also a file's: letters, digits, hyphen.
template <class Get>
Key name(std::string_view key, std::string_view help, Get get) {
  auto set = [get](Settings& s, Value const& v) {
    auto const& t = as<std::string>(v, "text in quotes");
    bool const fits = !t.empty() && t.size() <= 40 &&
                      std::ranges::all_of(t, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
    if (!fits) throw std::invalid_argument("'" + t + "' is not a name of letters, digits and hyphens");
    get(s) = t;
  };
  return {key, help, set, Key::Type::text};
}

void set_time_of_day(Settings& s, Value const& v) {
  auto const& t = as<std::string>(v, "text in quotes");
  auto const digit = [&](std::size_t i) { return t[i] >= '0' && t[i] <= '9'; };
  if (t.size() != 5 || t[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4) || t.substr(0, 2) > "23" ||
      t[3] > '5')
    throw std::invalid_argument("'" + t + "' is not a time of day like 02:30");
  s.backup.at = t;
}

void set_level(Settings& s, Value const& v) {
  auto const& t = as<std::string>(v, "text in quotes");
  if (t != "debug" && t != "info" && t != "warn" && t != "error")
    throw std::invalid_argument("'" + t + "' is not one of debug, info, warn, error");
  s.log.level = t;
}

std::vector<Key> const& keys() {
  static std::vector<Key> const table{
      text(
          "server.address", "address the doors listen on", [](Settings & s) -> auto& { return s.server.address; }),
      integer(
          "server.port", "port the doors listen on (0: any free one)", 0, 65535,
          [](Settings & s) -> auto& { return s.server.port; }),
      text(
          "server.tls_certificate", "PEM file; with tls_key: HTTPS",
          [](Settings & s) -> auto& { return s.server.tls_certificate; }),
      text(
          "server.tls_key", "PEM file", [](Settings & s) -> auto& { return s.server.tls_key; }),
      integer(
          "server.worker_threads", "threads that read the database for the doors", 1, 256,
          [](Settings & s) -> auto& { return s.server.worker_threads; }),
      text(
          "server.public_url", "https://… as people and phones reach it (secure cookies, the city's sign-on, codes on papers)",
          [](Settings & s) -> auto& { return s.server.public_url; }),
      list(
          "server.proxies", "addresses of proxies whose X-Forwarded-For is believed",
          [](Settings & s) -> auto& { return s.server.proxies; }),
      integer(
          "sign_in.idle_minutes", "a session of the center ends after so long without anybody at it", 5, 1440,
          [](Settings & s) -> auto& { return s.sign_in.idle_minutes; }),
      integer(
          "sign_in.longest_hours", "and after so long whatever is done", 1, 720,
          [](Settings & s) -> auto& { return s.sign_in.longest_hours; }),
      integer(
          "sign_in.field_idle_hours", "the same for patrollers and squads", 1, 720,
          [](Settings & s) -> auto& { return s.sign_in.field_idle_hours; }),
      integer(
          "sign_in.field_longest_hours", "the same for patrollers and squads", 1, 2160,
          [](Settings & s) -> auto& { return s.sign_in.field_longest_hours; }),
      truth(
          "sign_in.totp_required", "the center's people need one-time codes",
          [](Settings & s) -> auto& { return s.sign_in.totp_required; }),
      text(
          "oidc.issuer", "URL of the city's own sign-on (OpenID Connect); empty: none",
          [](Settings & s) -> auto& { return s.oidc.issuer; }),
      text(
          "oidc.client_id", "how it knows this program", [](Settings & s) -> auto& { return s.oidc.client_id; }),
      text(
          "oidc.client_secret", "better in WANGGE_OIDC_CLIENT_SECRET",
          [](Settings & s) -> auto& { return s.oidc.client_secret; }),
      text(
          "oidc.scope", "what is asked of it", [](Settings & s) -> auto& { return s.oidc.scope; }),
      text(
          "oidc.claim", "the claim whose value names the account", [](Settings & s) -> auto& { return s.oidc.claim; }),
      text(
          "oidc.title", "what its button says", [](Settings & s) -> auto& { return s.oidc.title; }),
      name(
          "gateway.name", "stable name of this gateway", [](Settings & s) -> auto& { return s.gateway.name; }),
      integer(
          "gateway.answer_wait_ms", "how long a report waits for its case number before 202", 0, 10000,
          [](Settings & s) -> auto& { return s.gateway.answer_wait_ms; }),
      text(
          "gateway.spool_dir", "where accepted reports are kept (default DATA/spool)",
          [](Settings & s) -> auto& { return s.gateway.spool_dir; }),
      text(
          "gateway.media_dir", "where pictures are kept (default DATA/media)",
          [](Settings & s) -> auto& { return s.gateway.media_dir; }),
      text(
          "gateway.sheets_dir", "the city's own templates of printed papers (default DATA/sheets)",
          [](Settings & s) -> auto& { return s.gateway.sheets_dir; }),
      list(
          "gateway.dispatchers", "bus endpoints (default: the dispatcher on this machine)",
          [](Settings & s) -> auto& { return s.gateway.dispatchers; }),
      list(
          "gateway.hints", "hint endpoints (default: the dispatcher on this machine)",
          [](Settings & s) -> auto& { return s.gateway.hints; }),
      integer(
          "gateway.free_floor_mib", "below this much free disk reports are refused with 507", 1, 1 << 20,
          [](Settings & s) -> auto& { return s.gateway.free_floor_mib; }),
      name(
          "dispatcher.name", "stable name of this dispatcher", [](Settings & s) -> auto& { return s.dispatcher.name; }),
      text(
          "dispatcher.bus", "endpoint it listens on (default: ipc in DATA/run)",
          [](Settings & s) -> auto& { return s.dispatcher.bus; }),
      text(
          "dispatcher.hints", "endpoint of live hints (default: ipc in DATA/run)",
          [](Settings & s) -> auto& { return s.dispatcher.hints; }),
      text(
          "database.url", "PostgreSQL URL (default: the embedded cluster)",
          [](Settings & s) -> auto& { return s.database.url; }),
      text(
          "database.admin_url", "URL of a role that may change the schema (default: database.url)",
          [](Settings & s) -> auto& { return s.database.admin_url; }),
      integer(
          "database.connections", "reading connections of a gateway", 1, 64,
          [](Settings & s) -> auto& { return s.database.connections; }),
      text(
          "backup.dir", "where nightly backups go (default DATA/backup; another disk is better)",
          [](Settings & s) -> auto& { return s.backup.dir; }),
      truth(
          "backup.nightly", "make one each night", [](Settings & s) -> auto& { return s.backup.nightly; }),
      {"backup.at", "local time of the nightly backup", set_time_of_day, Key::Type::text},
      integer(
          "backup.keep", "how many nightly backups are kept", 1, 1000,
          [](Settings & s) -> auto& { return s.backup.keep; }),
      truth(
          "backup.archive", "keep the write-ahead log, for restore --until",
          [](Settings & s) -> auto& { return s.backup.archive; }),
      text(
          "backup.archive_dir", "where that log goes (default: wal in backup.dir)",
          [](Settings & s) -> auto& { return s.backup.archive_dir; }),
      text(
          "audit.anchor",
          "folder elsewhere, or http(s) URL that takes PUT, for signed heads of the audit chains, every ten minutes",
          [](Settings & s) -> auto& { return s.audit.anchor; }),
      text(
          "map.url", "base map, an http(s) address with {z} {x} {y} and, where wanted, {key} and {s} (0-7); default: none",
          [](Settings & s) -> auto& { return s.map.url; }),
      text(
          "map.key", "its key; it stays on the server", [](Settings & s) -> auto& { return s.map.key; }),
      text(
          "map.attribution", "whose map it is, shown on it", [](Settings & s) -> auto& { return s.map.attribution; }),
      text(
          "map.approval_number", "its approval number (审图号), shown on it; required with map.url",
          [](Settings & s) -> auto& { return s.map.approval_number; }),
      integer(
          "map.zoom_most", "the deepest zoom it has", 1, 20, [](Settings & s) -> auto& { return s.map.zoom_most; }),
      integer(
          "map.keep_mib", "memory for its pictures", 1, 4096, [](Settings & s) -> auto& { return s.map.keep_mib; }),
      integer(
          "map.timeout_ms", "how long a picture is waited for", 100, 60000,
          [](Settings & s) -> auto& { return s.map.timeout_ms; }),
      list(
          "public.districts", "districts whose filed cases everybody may see on /public (default: none)",
          [](Settings & s) -> auto& { return s.everybody.districts; }),
      integer(
          "public.days", "cases reported in the last so many days", 1, 366,
          [](Settings & s) -> auto& { return s.everybody.days; }),
      list(
          "public.hidden", "codes of categories that are never shown there",
          [](Settings & s) -> auto& { return s.everybody.hidden; }),
      {"log.level", "debug, info, warn or error", set_level, Key::Type::text},
      integer(
          "log.keep_mib", "size of the log kept per process", 1, 1 << 20,
          [](Settings & s) -> auto& { return s.log.keep_mib; }),
  };
  return table;
}

Key const* find_key(std::string_view name) {
  auto const& table = keys();
  auto const it = std::ranges::find(table, name, &Key::name);
  return it == table.end() ? nullptr : &*it;
}

// Text from the environment or the command line, read as the key's type.
Value value_from_text(Key const& key, std::string const& text) {
  switch (key.type) {
    case Key::Type::text:
      return text;
    case Key::Type::integer: {
      std::int64_t n = 0;
      auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
      if (error != std::errc{} || end != text.data() + text.size())
        throw std::invalid_argument("'" + text + "' is not a whole number");
      return n;
    }
    case Key::Type::truth:
      if (text == "true" || text == "1") return true;
      if (text == "false" || text == "0") return false;
      throw std::invalid_argument("'" + text + "' is not true or false");
    case Key::Type::list: {
      List items;
      for (std::size_t from = 0; from <= text.size();) {
        auto const comma = std::min(text.find(',', from), text.size());
        if (comma > from) items.push_back(text.substr(from, comma - from));
        from = comma + 1;
      }
      return items;
    }
  }
  throw std::logic_error("a type of setting without a reader");
}

std::string environment_name(std::string_view key) {
  std::string name = "WANGGE_";
  for (char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

void apply(Settings& settings, Key const& key, Value const& value, std::string const& where) {
  try {
    key.set(settings, value);
  } catch (std::invalid_argument const& reason) {
    throw UsageError(where + ": " + reason.what());
  }
}

Value value_from_toml(toml::node const& node) {
  if (auto const v = node.value_exact<std::string>()) return *v;
  if (auto const v = node.value_exact<std::int64_t>()) return *v;
  if (auto const v = node.value_exact<bool>()) return *v;
  if (auto const* array = node.as_array()) {
    List items;
    for (auto const& item : *array) {
      auto const one = item.value_exact<std::string>();
      if (!one) throw std::invalid_argument("must be a list of texts");
      items.push_back(*one);
    }
    return items;
  }
  throw std::invalid_argument("this kind of value is not used here");
}

void apply_table(Settings& settings, toml::table const& table, std::string const& prefix, std::string const& file) {
  for (auto const& [name, node] : table) {
    auto const key_name = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
    auto const where = file + ", line " + std::to_string(name.source().begin.line) + ", " + key_name;
    if (auto const* inner = node.as_table(); inner && prefix.empty()) {
      apply_table(settings, *inner, key_name, file);
      continue;
    }
    auto const* key = find_key(key_name);
    if (!key) throw UsageError(where + ": there is no such setting");
    Value value;
    try {
      value = value_from_toml(node);
    } catch (std::invalid_argument const& reason) {
      throw UsageError(where + ": " + reason.what());
    }
    apply(settings, *key, value, where);
  }
}

void apply_text(Settings& settings, Key const& key, std::string const& text, std::string const& where) {
  Value value;
  try {
    value = value_from_text(key, text);
  } catch (std::invalid_argument const& reason) {
    throw UsageError(where + ": " + reason.what());
  }
  apply(settings, key, value, where);
}

// A variable that begins like one of ours but is none of ours is a spelling mistake, and a silent one is worse.
void refuse_misspelt(std::map<std::string, std::string> const& environment) {
  for (auto const& [name, text] : environment) {
    bool ours = false, known = false;
    for (auto const& key : keys()) {
      auto const full = environment_name(key.name);
      auto const section = environment_name(key.name.substr(0, key.name.find('.') + 1));
      ours = ours || name.starts_with(section);
      known = known || name == full;
    }
    if (ours && !known) throw UsageError("environment, " + name + ": there is no such setting");
  }
}

}  // namespace

std::vector<SettingKey> setting_keys() {
  std::vector<SettingKey> out;
  for (auto const& key : keys()) out.push_back({std::string(key.name), std::string(key.help)});
  return out;
}

Settings load_settings(std::filesystem::path const& file, std::map<std::string, std::string> const& environment,
                       Overrides const& command_line) {
  Settings settings;
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    try {
      apply_table(settings, toml::parse_file(file.string()), "", file.string());
    } catch (toml::parse_error const& error) {
      throw UsageError(file.string() + ", line " + std::to_string(error.source().begin.line) + ": " +
                       std::string(error.description()));
    }
  }
  refuse_misspelt(environment);
  for (auto const& key : keys()) {
    auto const it = environment.find(environment_name(key.name));
    if (it != environment.end()) apply_text(settings, key, it->second, "environment, " + it->first);
  }
  for (auto const& [name, text] : command_line) {
    auto const* key = find_key(name);
    if (!key) throw UsageError("--set " + name + ": there is no such setting");
    apply_text(settings, *key, text, "--set " + name);
  }
  if (settings.server.tls_certificate.empty() != settings.server.tls_key.empty())
    throw UsageError("server.tls_certificate and server.tls_key belong together: one of them is missing");
  if (!settings.map.url.empty() && settings.map.approval_number.empty())
    throw UsageError("map.approval_number is missing: a map may not be shown without its approval number (审图号)");
  if (!settings.map.url.empty() && !settings.map.url.starts_with("http://") && !settings.map.url.starts_with("https://"))
    throw UsageError("map.url must begin with http:// or https://");
  return settings;
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    std::string const line = *entry;
    auto const equals = line.find('=');
    if (equals != std::string::npos) out[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return out;
}

}  // namespace wangge::deploy
