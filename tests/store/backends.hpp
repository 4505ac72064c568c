// The two stores behind one face, with what a test needs to look into them and to break them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "storage/memory_store.hpp"
#include "storage/store.hpp"

namespace wangge::tests {

inline std::string const kDistrict = "370871";

struct OutboxLine {
  std::string task_id;
  std::int64_t epoch = 0;
  std::string squad, holder, status;
  bool notice = false;
  bool operator==(OutboxLine const&) const = default;
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::unique_ptr<storage::Store> open(std::string const& lane = "1") = 0;
  virtual std::vector<core::HistoryRow> history(std::string const& case_no) = 0;  // oldest first
  virtual std::vector<core::Span> spans(std::string const& case_no) = 0;
  virtual std::vector<OutboxLine> outbox() = 0;  // in order of writing
  virtual std::int64_t cases() = 0;
  virtual std::vector<std::string> dead_letters() = 0;
  virtual std::vector<std::string> media_of(std::string const& case_no) = 0;
  virtual void put_component(std::string const& standard, std::string const& code, double lon, double lat) = 0;
  // The next save() of `store` loses the answer to its COMMIT, which is done or not done.
  virtual void next_commit_in_doubt(bool committed, std::function<void()> const& save) = 0;
  // Every connection dies now; nothing else happens.
  virtual void cut_connections() = 0;
};

std::unique_ptr<Backend> memory_backend();
std::unique_ptr<Backend> postgres_backend();
std::unique_ptr<Backend> make_backend(std::string const& name);

class Contract : public testing::TestWithParam<char const*> {
 protected:
  void SetUp() override {
    backend = make_backend(GetParam());
    store = backend->open();
    epoch = store->take_over(kDistrict, "first").epoch;
  }
  std::unique_ptr<Backend> backend;
  std::unique_ptr<storage::Store> store;
  std::int64_t epoch = 0;
};

}  // namespace wangge::tests
