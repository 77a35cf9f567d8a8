-- What becomes of an installed app (A3, D5): the settings that the device has, and updates in the hours that suit it.

ALTER TABLE installs
  -- What the device was told of the app's settings, and what it said of them when it could not take them.
  ADD COLUMN settings_sent jsonb,
  ADD COLUMN settings_problem jsonb,
  ADD COLUMN update_state text CHECK (update_state IN ('available', 'commanded', 'failed')),
  ADD COLUMN update_since timestamptz,
  ADD CONSTRAINT installs_update CHECK ((update_state IS NULL) = (update_since IS NULL));

-- The hours of the day in which devices update apps by themselves, in the time of their place; null: at any hour.
ALTER TABLE locations ADD COLUMN update_from text CHECK (update_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD COLUMN update_until text CHECK (update_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD COLUMN update_zone text,
  ADD CONSTRAINT locations_update_hours CHECK (num_nulls(update_from, update_until, update_zone) IN (0, 3));
