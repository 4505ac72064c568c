-- What became of a report, and whose it is. Uses report_key_report.
SELECT k.report_id, c.case_no, c.state, k.principal, c.place_unusable
FROM report_key k JOIN cases c ON c.district = k.district AND c.case_no = k.case_no
WHERE k.district = $1 AND k.report_id = $2
