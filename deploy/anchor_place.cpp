// See anchor_place.hpp.
#include "deploy/anchor_place.hpp"

#include <sodium.h>

#include <algorithm>
#include <filesystem>

#include "deploy/errors.hpp"
#include "deploy/http_client.hpp"
#include "deploy/layout.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

class Folder final : public AnchorPlace {
 public:
  explicit Folder(fs::path folder) : folder_(std::move(folder)) {}

  std::string newest() override {
    auto const found = files();
    return found.empty() ? "" : read_file(found.back());
  }
  std::string put(std::string const& name, std::string const& text) override {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) throw EnvironmentError("cannot make " + folder_.string() + ": " + error.message());
    write_file(folder_ / name, text, 0644);
    return (folder_ / name).string();
  }
  std::vector<std::pair<std::string, std::string>> all() override {
    std::vector<std::pair<std::string, std::string>> out;
    for (auto const& file : files()) out.emplace_back(file.string(), read_file(file));
    return out;
  }

 private:
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    std::error_code error;
    for (auto const& entry : fs::directory_iterator(folder_, error)) {
      auto const name = entry.path().filename().string();
      if (name.starts_with("heads-") && name.ends_with(".json")) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }
  fs::path folder_;
};

constexpr auto kLatest = "latest.json";

std::string base64(std::string const& text) {
  std::string out(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<unsigned char const*>(text.data()), text.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

std::string percent_decoded(std::string const& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    std::size_t size = 0;
    bool const coded = text[i] == '%' && i + 2 < text.size() &&
                       sodium_hex2bin(&byte, 1, text.data() + i + 1, 2, nullptr, &size, nullptr) == 0 && size == 1;
    out += coded ? static_cast<char>(byte) : text[i];
    if (coded) i += 2;
  }
  return out;
}

class Url final : public AnchorPlace {
 public:
  explicit Url(std::string const& url) {
    auto const host_at = url.find("://") + 3;
    auto const path_at = std::min(url.find_first_of("/?", host_at), url.size());
    auto host = url.substr(host_at, path_at - host_at);
    if (auto const at = host.rfind('@'); at != std::string::npos) {
      headers_.emplace_back("Authorization", "Basic " + base64(percent_decoded(host.substr(0, at))));
      host.erase(0, at + 1);
    }
    base_ = url.substr(0, host_at) + host;
    auto const query_at = std::min(url.find('?', path_at), url.size());
    path_ = url.substr(path_at, query_at - path_at);
    query_ = url.substr(query_at);
    if (!path_.ends_with('/')) path_ += '/';
    try {
      client_ = std::make_unique<HttpClient>(base_);
    } catch (std::invalid_argument const& error) {
      throw UsageError(std::string("audit.anchor: ") + error.what());
    }
  }

  std::string newest() override {
    auto const answer = ask("GET", kLatest, "");
    if (answer.status == 404) return "";
    if (answer.status != 200) fail(kLatest, answer.status);
    return answer.body;
  }
  std::string put(std::string const& name, std::string const& text) override {
    for (auto const& each : {name, std::string(kLatest)})
      if (auto const answer = ask("PUT", each, text); answer.status < 200 || answer.status > 299) fail(each, answer.status);
    return base_ + path_ + name;
  }
  std::vector<std::pair<std::string, std::string>> all() override {
    auto const text = newest();
    if (text.empty()) return {};
    return {{base_ + path_ + kLatest, text}};
  }

 private:
  HttpAnswer ask(char const* method, std::string const& name, std::string const& body) {
    auto headers = headers_;
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    try {
      return client_->request(method, path_ + name + query_, headers, body);
    } catch (std::runtime_error const& error) {
      throw EnvironmentError(base_ + path_ + name + ": " + error.what());
    }
  }
  [[noreturn]] void fail(std::string const& name, int status) const {
    throw EnvironmentError(base_ + path_ + name + " answered " + std::to_string(status));
  }

  HttpClient::Headers headers_;
  std::string base_, path_, query_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace

std::unique_ptr<AnchorPlace> anchor_place(std::string const& where) {
  if (where.starts_with("http://") || where.starts_with("https://")) return std::make_unique<Url>(where);
  if (where.find("://") != std::string::npos) throw UsageError("audit.anchor wants a folder or an http(s) URL, not " + where);
  return std::make_unique<Folder>(where);
}

}  // namespace wangge::deploy
