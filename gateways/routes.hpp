// Every route of the gateway on one screen: method, path, who, limits, audit class, where it runs, what it does.
#pragma once

#include <vector>

#include "gateways/console/attendance_door.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/console/desk_door.hpp"
#include "gateways/console/handover_door.hpp"
#include "gateways/console/hotline_door.hpp"
#include "gateways/console/map_door.hpp"
#include "gateways/console/manage_door.hpp"
#include "gateways/console/page_door.hpp"
#include "gateways/console/public_door.hpp"
#include "gateways/console/photo_door.hpp"
#include "gateways/console/publication_door.hpp"
#include "gateways/console/rules_door.hpp"
#include "gateways/console/sheet_door.hpp"
#include "gateways/console/standing_door.hpp"
#include "gateways/console/statistics_door.hpp"
#include "gateways/console/suggestion_door.hpp"
#include "gateways/console/supervision_door.hpp"
#include "gateways/patrol/media_door.hpp"
#include "gateways/patrol/report_door.hpp"
#include "gateways/patrol/upload_door.hpp"
#include "gateways/sessions/account_door.hpp"
#include "gateways/sessions/audit_door.hpp"
#include "gateways/sessions/oidc_door.hpp"
#include "gateways/sessions/session_door.hpp"
#include "gateways/squad/task_door.hpp"

namespace wangge::gateway {

// All doors of one gateway; they outlive the server.
struct DoorSet {
  patrol::ReportDoor& reports;
  patrol::MediaDoor& media;
  patrol::UploadDoor& uploads;
  squad::TaskDoor& tasks;
  console::CaseDoor& cases;
  console::StatisticsDoor& statistics;
  console::StandingDoor& standing;
  console::RulesDoor& rules;
  console::HotlineDoor& hotline;
  console::PublicationDoor& publication;
  console::AttendanceDoor& attendance;
  console::MapDoor& maps;
  console::PublicDoor& everybody;
  console::HandoverDoor& handovers;
  console::DeskDoor& desk;
  console::PageDoor& pages;
  sessions::SessionDoor& sessions;
  sessions::AccountDoor& accounts;
  sessions::AuditDoor& audit;
  sessions::OidcDoor& oidc;
  console::SheetDoor& sheets;
  console::SupervisionDoor& supervision;
  console::ManageDoor& manage;
  console::PhotoDoor& photos;
  console::SuggestionDoor& suggestions;
};

std::vector<http::Route> routes(DoorSet const& doors);

}  // namespace wangge::gateway
