-- Where a device is, as far as its clock goes (D5): updates come in the hours of its own day.

ALTER TABLE enrollments
  -- IANA name; null while the device has not told one, as a Mac never does.
  ADD COLUMN time_zone text;
