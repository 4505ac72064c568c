#include "deploy/picture_client.hpp"

#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "deploy/http_client.hpp"

namespace wangge::deploy {
namespace {

constexpr std::size_t kIdleMost = 4;  // connections kept for a host

}  // namespace

struct PictureClient::Lines {
  explicit Lines(std::chrono::milliseconds limit) : timeout(limit) {}
  std::chrono::milliseconds timeout;
  std::mutex mutex;
  std::map<std::string, std::vector<std::unique_ptr<HttpClient>>> idle;
};

PictureClient::PictureClient(std::chrono::milliseconds timeout) : lines_(std::make_shared<Lines>(timeout)) {}

console::Picture PictureClient::operator()(std::string const& url) const {
  auto const scheme = url.find("://");
  auto const slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
  auto const host = url.substr(0, slash);
  std::unique_ptr<HttpClient> line;
  {
    std::lock_guard lock(lines_->mutex);
    auto& kept = lines_->idle[host];
    if (!kept.empty()) {
      line = std::move(kept.back());
      kept.pop_back();
    }
  }
  if (!line) line = std::make_unique<HttpClient>(host, lines_->timeout);
  auto const answer = line->request("GET", slash == std::string::npos ? "/" : url.substr(slash),
                                    {{"Accept", "image/*"}, {"User-Agent", "wangge"}});
  if (answer.status != 200) throw std::runtime_error("it answers with status " + std::to_string(answer.status));
  console::Picture out{std::string(answer.header("content-type")), answer.body};
  std::lock_guard lock(lines_->mutex);
  auto& kept = lines_->idle[host];
  if (kept.size() < kIdleMost) kept.push_back(std::move(line));
  return out;
}

}  // namespace wangge::deploy
