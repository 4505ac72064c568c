// The gateway's desk for standing data: the same readers, checks and transaction as `wangge load`.
#pragma once

#include "gateways/console/standing_desk.hpp"

namespace wangge::deploy {

class CityDesk final : public console::StandingDesk {
 public:
  explicit CityDesk(std::string database_url) : url_(std::move(database_url)) {}
  bool has(std::string const& part) const override;
  console::PartStands stands(std::string const& district, std::string const& part) override;
  std::vector<console::PartTable> tables(std::string const& district, std::string const& part) override;
  console::PartResult put(std::string const& district, std::string const& part, console::PartPut const& put) override;
  std::vector<console::PartTable> unpack(std::string const& part, std::string const& name, std::string const& bytes,
                                         std::vector<console::PartFault>& faults) override;
  bool switch_plan(std::string const& district, std::string const& plan, bool on, std::string const& by, std::string const& reason) override;

 private:
  std::string url_;
};

}  // namespace wangge::deploy
