-- After a restore or promotion no number of a day may come again: every day known goes on from the floor.
UPDATE case_number n SET next = f.number_floor
FROM fence f
WHERE f.district = $1 AND n.district = $1 AND n.next < f.number_floor AND n.day <= f.floor_day
