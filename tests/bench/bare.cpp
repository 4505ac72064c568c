// A bare server to measure beside: the project's own HTTP room, token check and report form, then 202 - at once (what a
// door could do at most) or after a shared fdatasync of 400 bytes a report (the least that durable means). No spool, no
// bus, no dispatcher.
//   bench_bare REFERENCE [FOLDER]      prints its port; ends when its standard input does
#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "gateways/http/strict_json.hpp"
#include "gateways/link/reference.hpp"
#include "gateways/patrol/report_form.hpp"

namespace {

using namespace wangge;

constexpr std::size_t kRecord = 400, kFile = 64 << 20;

// Group commit as plain as it goes: everything that waited while the last flush ran is flushed together.
class Disk {
 public:
  explicit Disk(std::string const& folder) {
    auto const path = folder + "/bench-bare";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0 || ::posix_fallocate(file_, 0, kFile) != 0) throw std::runtime_error("cannot make " + path);
    ::unlink(path.c_str());
    std::string const zeros(1 << 20, '\0');  // written once, so that a flush writes data only
    for (std::size_t at = 0; at < kFile; at += zeros.size()) write(zeros, at);
    ::fsync(file_);
    thread_ = std::thread([this] { run(); });
  }
  ~Disk() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    ::close(file_);
  }
  void append(std::function<void()> done) {
    {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(done));
    }
    wake_.notify_one();
  }

 private:
  void write(std::string const& bytes, std::size_t at) const {
    if (::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("the disk does not take it");
  }
  void run() {
    std::size_t at = 0;
    std::vector<std::function<void()>> group;
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        group.swap(waiting_);
      }
      std::string const bytes(group.size() * kRecord, 'r');
      if (at + bytes.size() > kFile) at = 0;
      write(bytes, at);
      if (::fdatasync(file_) != 0) throw std::runtime_error("fdatasync");
      at += bytes.size();
      for (auto& done : group) done();
      group.clear();
    }
  }

  int file_ = -1;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

http::Response accepted(std::string const& report_id) {
  auto response = http::json(202, "{\"report_id\":\"" + report_id + "\",\"state\":\"queued\"}");
  response.headers.emplace_back("Location", "/api/v1/reports/" + report_id);
  return response;
}

void take(http::Request const& request, http::Reply reply, link::Snapshot const& reference, std::optional<Disk>& disk) {
  auto const body = http::parse_json(request.body);
  if (!body) return reply(http::problem(400, "bad_json", request.lang));
  auto read =
      patrol::read_report(*body, {request.who, request.header("idempotency-key"), request.received_at, reference});
  if (auto const* fault = std::get_if<patrol::Fault>(&read))
    return reply(http::problem(fault->status, fault->code, request.lang, "", fault->errors));
  auto response = accepted(std::get<core::Report>(read).report_id);
  if (!disk) return reply(std::move(response));
  disk->append([reply = std::move(reply), response = std::move(response)] { reply(response); });
}

int serve(int argc, char** argv) {
  link::Snapshot const reference(link::load_reference(argv[1]));
  if (reference.version() == 0) throw std::runtime_error(std::string("no reference in ") + argv[1]);
  std::optional<Disk> disk;
  if (argc > 2) disk.emplace(argv[2]);
  http::Route route;
  route.method = "POST";
  route.path = "/api/v1/reports";
  route.roles = {patrol::reporting_roles().begin(), patrol::reporting_roles().end()};
  route.audit = "write";
  route.where = http::Where::inline_;
  route.handle = [&](http::Request request, http::Reply reply) { take(request, std::move(reply), reference, disk); };
  http::ServerOptions options;
  options.port = 0;
  http::Server server(options, {route}, reference);
  std::printf("%u\n", static_cast<unsigned>(server.start()));
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return argc < 2 ? 2 : serve(argc, argv);
  } catch (std::exception const& e) {
    return std::fprintf(stderr, "bench_bare: %s\n", e.what()), 1;
  }
}
