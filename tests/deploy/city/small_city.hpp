// The smallest city that loads: two cells side by side, one squad, one patroller. Tests spoil one file at a time.
#pragma once

#include <map>
#include <string>

#include "deploy/load.hpp"

namespace wangge::tests {

struct SmallCity {
  std::map<std::string, std::string> files{
      {"district.toml",
       "code = \"990001\"\nzh = \"小城\"\nen = \"Small\"\nexchange_code = \"990000\"\n[policy]\nauto_confirm = false\n"
       "verify_first = [\"public\"]\nai_confidence = 0.5\n"},
      {"streets.csv", "code,zh,en\n990001001,一街,First\n"},
      {"communities.csv", "code,street,zh,en\n990001001001,990001001,一社区,One\n"},
      {"cells.geojson",
       R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"grid":"990001001001001"},"geometry":{"type":"Polygon","coordinates":[[[116.1,35.1],[116.2000000000000123,35.1],[116.2000000000000123,35.2],[116.1,35.2],[116.1,35.1]]]}},
{"type":"Feature","properties":{"grid":"990001001001002","exchange_code":"990000001001002"},"geometry":{"type":"Polygon","coordinates":[[[116.2000000000000123,35.1],[116.3,35.1],[116.3,35.2],[116.2000000000000123,35.2],[116.2000000000000123,35.1]]]}}]})"},
      {"calendars.csv", "key,sessions,first,last\ncenter,08:00-12:00;14:00-18:00,2026-01-01,2026-12-31\n"},
      {"calendar_days.csv", "calendar,day,works\n*,2026-10-01,no\n*,2026-10-10,yes\n"},
      {"units.csv", "key,zh,en,calendar\nroads,养护,Roads,center\npatrols,采集,Patrols,\n"},
      {"squads.csv", "key,unit,zh,en\nroads-1,roads,一队,One\n"},
      {"duty.csv", "patroller,unit,street,community,grid,from,to\np1,patrols,,,,00:00,24:00\n"},
      {"catalogue.csv",
       "standard,kind,code,class_code,class_zh,class_en,zh,en,valid_from,valid_to\n"
       "gbt47678.5-2026,matter,06010,06,市容环境,Appearance,暴露垃圾,Litter,,\n"
       "gbt47678.5-2026,component,01001,01,公用设施,Utilities,供水井盖,Cover,2026-07-01,2027-07-01\n"},
      {"conditions.csv",
       "standard,kind,code,id,zh,en,clock,minutes\n"
       "gbt47678.5-2026,matter,06010,1,少量,Little,work_hour,240\n"
       "gbt47678.5-2026,matter,06010,2,成片,Much,work_day,480\n"
       "gbt47678.5-2026,component,01001,1,破损,Broken,urgent,120\n"},
      {"closing_conditions.csv", "code,zh,en\nrestored,恢复,Restored\n"},
      {"routes.csv",
       "id,level,maintainer,standard,kind,code,condition,class_code,grid,street,unit,squad\n"
       "r1,condition_in_street,,gbt47678.5-2026,matter,06010,2,,,990001001,roads,roads-1\n"
       "r2,class_in_district,,,,,,06,,,roads,roads-1\n"},
      {"components.csv",
       "id,standard,code,zh,en,maintainer,owner,supervisor,lon,lat\n"
       "99000101001000001,gbt47678.5-2026,01001,井盖,Cover,roads,roads,roads,116.15,35.15\n"},
  };

  deploy::FileSource source() const {
    return [this](std::string const& name, std::string& text) {
      auto const found = files.find(name);
      if (found == files.end()) return false;
      text = found->second;
      return true;
    };
  }
  // Puts one more line under a CSV's header and rows.
  SmallCity& add(std::string const& file, std::string const& line) {
    files.at(file) += line + "\n";
    return *this;
  }
};

}  // namespace wangge::tests
