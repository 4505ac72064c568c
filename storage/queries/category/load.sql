-- The catalogue.
SELECT standard, kind, code, class_code, zh, en, class_zh, class_en, (extract(epoch FROM valid_to) * 1000)::bigint, photos_least,
  photo_rule_zh, photo_rule_en, do_not_report_zh, do_not_report_en, same_period
FROM category WHERE district = $1
