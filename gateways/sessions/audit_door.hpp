// The audit log as its reader asks for it: GET /audit with filters.
#pragma once

#include "gateways/http/http.hpp"
#include "storage/audit_pages.hpp"

namespace wangge::sessions {

class AuditDoor {
 public:
  explicit AuditDoor(storage::AuditPages& pages) : pages_(pages) {}
  void list(http::Request request, http::Reply reply);

 private:
  storage::AuditPages& pages_;
};

}  // namespace wangge::sessions
