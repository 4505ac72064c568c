// Calls openssl; keeps what is there while it is good. See tls.hpp.
#include "deploy/tls.hpp"

#include <unistd.h>

#include <array>

#include "deploy/errors.hpp"
#include "deploy/process.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;

Certificate self_made_certificate(fs::path const& folder) {
  Certificate const made{folder / "server.pem", folder / "server.key"};
  std::error_code ignored;
  constexpr auto kThirtyDays = "2592000";
  if (fs::exists(made.certificate, ignored) && fs::exists(made.key, ignored)) {
    Command check;
    check.argv = {"openssl", "x509", "-in", made.certificate.string(), "-noout", "-checkend", kThirtyDays};
    if (run(check).ok()) return made;
  }
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  auto const key = made.key.string() + ".new", certificate = made.certificate.string() + ".new";
  Command make;
  make.argv = {"openssl",
               "req",
               "-x509",
               "-newkey",
               "ec",
               "-pkeyopt",
               "ec_paramgen_curve:P-256",
               "-nodes",
               "-days",
               "825",
               "-subj",
               "/CN=wangge",
               "-addext",
               "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:" + std::string(host.data()),
               "-keyout",
               key,
               "-out",
               certificate};
  auto const done = run(make);
  if (!done.ok())
    throw EnvironmentError("openssl could not make a certificate in " + folder.string() + ": " + done.err);
  fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(key, made.key);
  fs::rename(certificate, made.certificate);
  return made;
}

}  // namespace wangge::deploy
