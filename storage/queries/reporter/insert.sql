-- Personal data of the reporters of new cases, and what a report carried beside its own fields.
WITH t AS (
  SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS t(case_no, name, phone, extras)
), people AS (
  INSERT INTO reporter (district, case_no, name, phone) SELECT $1, case_no, name, phone FROM t WHERE name <> '' OR phone <> ''
)
INSERT INTO report_extras (district, case_no, extras) SELECT $1, case_no, extras FROM t WHERE extras <> ''
