// What people read of hotline orders (RULINGS 18). Never writes. Connects on first use; throws Broken and BadFilter as
// ReadModel does.
#pragma once

#include <memory>

#include "dispatcher/core/hotline.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

struct OrderFilter {
  std::string state, open, late, case_no;  // open, late: "", true, false
  bool told = false;                       // what a clock told the caller's role and nobody has taken up
  std::string cursor;
  int limit = 50;
};

class HotlineModel {
 public:
  explicit HotlineModel(std::string const& database_url, int connections = 1, Patience patience = {});
  virtual ~HotlineModel();  // doors' tests put their own answers in its place

  struct View {
    core::HotlineOrder order;
    std::string caller_name, caller_phone;  // personal: shown to three roles only
    std::string cases, told;                // JSON arrays: its cases with their states; whom its clock told
    std::chrono::minutes utc_offset{480};
  };
  // nullopt: there is none that the caller may see.
  virtual std::optional<View> find(core::Principal const& who, std::string const& order_no);
  struct Orders {
    std::vector<View> items;  // without callers, cases and told
    std::string next_cursor;
  };
  virtual Orders list(core::Principal const& who, OrderFilter const& filter, core::Instant now);
  virtual Page history(core::Principal const& who, std::string const& order_no, std::string const& cursor, int limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
