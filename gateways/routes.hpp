// Every route of the gateway on one screen: method, path, who, limits, audit class, where it runs, what it does.
#pragma once

#include <vector>

#include "gateways/console/case_door.hpp"
#include "gateways/console/desk_door.hpp"
#include "gateways/console/handover_door.hpp"
#include "gateways/console/hotline_door.hpp"
#include "gateways/console/page_door.hpp"
#include "gateways/console/publication_door.hpp"
#include "gateways/console/rules_door.hpp"
#include "gateways/console/standing_door.hpp"
#include "gateways/console/statistics_door.hpp"
#include "gateways/patrol/media_door.hpp"
#include "gateways/patrol/report_door.hpp"
#include "gateways/squad/task_door.hpp"

namespace wangge::gateway {

// All doors of one gateway; they outlive the server.
struct DoorSet {
  patrol::ReportDoor& reports;
  patrol::MediaDoor& media;
  squad::TaskDoor& tasks;
  console::CaseDoor& cases;
  console::StatisticsDoor& statistics;
  console::StandingDoor& standing;
  console::RulesDoor& rules;
  console::HotlineDoor& hotline;
  console::PublicationDoor& publication;
  console::HandoverDoor& handovers;
  console::DeskDoor& desk;
  console::PageDoor& pages;
};

std::vector<http::Route> routes(DoorSet const& doors);

}  // namespace wangge::gateway
