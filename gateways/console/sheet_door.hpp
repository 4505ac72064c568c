// The papers of cases to print (storage/publish/case_sheets): who may read a case may print what its history holds,
// several at once. Scope is the read model's; what leaves stands in the audit log by the case numbers asked for.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

struct SheetPlace {
  std::string folder;      // a city's own templates: sheets_zh.txt, sheets_en.txt; a missing file is no fault
  std::string public_url;  // what phones reach us by, for the code; "" = the host the caller used
  bool tls = false;
};

class SheetDoor {
 public:
  SheetDoor(Reads& reads, SheetPlace place) : reads_(reads), place_(std::move(place)) {}
  void print(http::Request request, http::Reply reply);

 private:
  std::string own_templates(std::string const& lang) const;
  std::string link(http::Request const& request, std::string const& case_no) const;
  Reads& reads_;
  SheetPlace place_;
};

inline constexpr std::size_t kSheetsMost = 50;  // cases of one page, as many as the console acts on at once

}  // namespace wangge::console
