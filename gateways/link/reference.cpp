#include "gateways/link/reference.hpp"

#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace wangge::link {

namespace {

core::Instant instant(std::int64_t ms) { return core::Instant(core::Millis(ms)); }

std::string entry_key(std::string const& district, std::string const& standard, std::string const& kind, std::string const& code) {
  return district + '/' + standard + '/' + kind + '/' + code;
}

bool write_all(int fd, std::string const& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    auto const n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Snapshot::Snapshot(std::vector<v1::Reference> const& parts) {
  for (auto const& part : parts) {
    version_ = part.version();
    for (auto const& d : part.districts()) districts_.insert(d.code());
    for (auto const& code : part.closing_conditions()) closing_conditions_.push_back(code);
    for (auto const& k : part.catalogue()) {
      auto& entry = entries_[entry_key(k.district(), k.category().standard(), k.category().kind(), k.category().code())];
      if (k.valid_to()) entry.valid_to = instant(k.valid_to());
      entry.conditions.insert(k.conditions().begin(), k.conditions().end());
    }
    for (auto const& t : part.tokens()) {
      auto const role = core::role_from(t.who().role());
      if (!role) continue;  // a newer dispatcher's role: this door cannot judge it
      Token token;
      token.expires_at = instant(t.expires_at());
      token.who = {t.who().name(),  *role,
                   t.who().district(), t.who().street(),
                   t.who().unit(),  t.who().squad(),
                   {t.sources().begin(), t.sources().end()}, t.who().backdate()};
      tokens_[t.sha256()] = std::move(token);
    }
  }
}

Reference::Known Snapshot::known(std::string const& district, core::CategoryKey const& category, std::string const& condition,
                                 core::Instant reported_at) const {
  auto const it = entries_.find(entry_key(district, category.standard, category.kind, category.code));
  if (it == entries_.end() || (it->second.valid_to && *it->second.valid_to <= reported_at)) return Known::unknown_category;
  if (!condition.empty() && !it->second.conditions.contains(condition)) return Known::unknown_condition;
  return Known::yes;
}

http::Authenticator::State Snapshot::authenticate(std::string_view bearer, core::Instant now, core::Principal& out) const {
  if (version_ == 0) return State::no_reference;
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<std::uint8_t const*>(bearer.data()), bearer.size(), digest);
  auto const it = tokens_.find(std::string(reinterpret_cast<char const*>(digest), sizeof digest));
  if (it == tokens_.end()) return State::unknown;
  if (it->second.expires_at <= now) return State::expired;
  out = it->second.who;
  return State::ok;
}

void save_reference(std::string const& file, std::vector<v1::Reference> const& parts) {
  std::string bytes;
  for (auto const& part : parts) {
    auto const one = part.SerializeAsString();
    auto const size = static_cast<std::uint32_t>(one.size());
    bytes.append(reinterpret_cast<char const*>(&size), sizeof size).append(one);
  }
  auto const temp = file + ".new";
  int const fd = ::open(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return;  // the snapshot in memory still serves; the next change tries again
  bool const ok = write_all(fd, bytes) && ::fsync(fd) == 0;
  ::close(fd);
  if (!ok || std::rename(temp.c_str(), file.c_str()) != 0) {
    std::remove(temp.c_str());
    return;
  }
  if (int const dir = ::open(std::filesystem::path(file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); dir >= 0) {
    ::fsync(dir);
    ::close(dir);
  }
}

std::vector<v1::Reference> load_reference(std::string const& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<v1::Reference> parts;
  std::uint32_t size = 0;
  while (in.read(reinterpret_cast<char*>(&size), sizeof size)) {
    if (size > bus::kFrameBytes) return {};
    std::string one(size, '\0');
    if (!in.read(one.data(), size) || !parts.emplace_back().ParseFromString(one)) return {};
  }
  if (parts.empty() || parts.front().parts() != static_cast<std::int32_t>(parts.size())) return {};
  return parts;
}

}  // namespace wangge::link
