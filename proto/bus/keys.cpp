// CURVE keys between machines: making them, the file they lie in, and what an endpoint needs of them. Everything that
// can be wrong with them is said at start, in a sentence.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "proto/bus/bus.hpp"

namespace wangge::bus {

namespace {

[[noreturn]] void refuse(std::string const& why) {
  throw std::runtime_error("bus: " + why);
}

bool is_key(std::string const& text) {
  std::uint8_t raw[32];
  return text.size() == 40 && zmq_z85_decode(raw, text.c_str()) != nullptr;
}

// Under another name first, then linked: another process of this machine finds a whole file or none.
void make_key_file(std::string const& file) {
  auto const keys = make_keys();
  auto const text =
      "# The bus key of this machine. The public one may be told to anybody, the secret one to nobody.\npublic " +
      keys.public_key + "\nsecret " + keys.secret_key + "\n";
  auto const draft = file + "." + std::to_string(::getpid());
  int const fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) refuse("cannot make the key file " + file + ": " + std::strerror(errno));
  bool const written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  bool const there = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
  ::unlink(draft.c_str());
  if (!there) refuse("cannot write the key file " + file);
}

}  // namespace

Keys make_keys() {
  char public_key[41], secret_key[41];
  if (zmq_curve_keypair(public_key, secret_key) != 0) throw std::runtime_error("this libzmq has no CURVE");
  return Keys{.public_key = public_key, .secret_key = secret_key, .server_key = {}, .allowed = {}};
}

Keys read_keys(std::string const& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) refuse("cannot read the key file " + file + ": " + std::strerror(errno));
  if ((info.st_mode & 0077) != 0)
    refuse("others can read the key file " + file + "; chmod 600 it, and make a new one if they may have");
  std::ifstream in(file);
  Keys keys;
  for (std::string name, value; in >> name;) {
    if (name.starts_with('#')) {
      std::getline(in, value);
    } else if (in >> value) {
      if (name == "public") keys.public_key = value;
      if (name == "secret") keys.secret_key = value;
    }
  }
  char belongs[41];
  if (!is_key(keys.public_key) || !is_key(keys.secret_key))
    refuse("the key file " + file + " has no line `public KEY` or `secret KEY` of 40 characters");
  if (zmq_curve_public(belongs, keys.secret_key.c_str()) != 0 || keys.public_key != belongs)
    refuse("the two keys in " + file + " do not belong to each other");
  return keys;
}

Keys read_or_make_keys(std::string const& file) {
  if (::access(file.c_str(), F_OK) != 0) make_key_file(file);
  return read_keys(file);
}

void check_endpoint(std::string const& endpoint, Keys const& keys, End end) {
  if (!endpoint.starts_with("tcp://")) return;  // ipc: its socket file is for its owner alone
  if (keys.empty()) refuse(endpoint + " crosses machines and needs CURVE keys (bus.key_file)");
  if (!is_key(keys.public_key) || !is_key(keys.secret_key)) refuse("the keys for " + endpoint + " are no CURVE keys");
  if (end == End::connects) {
    if (keys.server_key.empty()) refuse(endpoint + " needs the public key of the dispatcher there (bus.server_key)");
    if (!is_key(keys.server_key))
      refuse("'" + keys.server_key + "' (bus.server_key) is not a public key of 40 characters");
    return;
  }
  if (keys.allowed.empty()) refuse(endpoint + " would let nobody in: no public key is allowed (bus.allowed)");
  for (auto const& key : keys.allowed)
    if (!is_key(key)) refuse("'" + key + "' (bus.allowed) is not a public key of 40 characters");
}

}  // namespace wangge::bus
