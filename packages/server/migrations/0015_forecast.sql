-- The forecast: what each asset used on each day, and what follows from it.

-- Licenses that somebody got and that came back, whoever did it, by the day in UTC: sums over the ledger, so that a
-- forecast reads days and not lines.
CREATE TABLE license_days (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asset_id integer NOT NULL,
  day date NOT NULL,
  granted integer NOT NULL CHECK (granted >= 0),
  released integer NOT NULL CHECK (released >= 0),
  PRIMARY KEY (location_id, asset_id, day)
);

/* Who writes lines holds the rows of their assets, so two of them never wait for each other here. */
CREATE FUNCTION count_ledger_by_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO license_days AS d (location_id, asset_id, day, granted, released)
  SELECT w.location_id, w.asset_id, (w.at AT TIME ZONE 'UTC')::date,
    count(*) FILTER (WHERE w.change IN ('granted', 'found')), count(*) FILTER (WHERE w.change IN ('released', 'vanished'))
  FROM written w JOIN locations l ON l.id = w.location_id
  WHERE w.change IN ('granted', 'found', 'released', 'vanished') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (location_id, asset_id, day)
    DO UPDATE SET granted = d.granted + excluded.granted, released = d.released + excluded.released;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_by_day AFTER INSERT ON ledger REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION count_ledger_by_day();

INSERT INTO license_days (location_id, asset_id, day, granted, released)
SELECT g.location_id, g.asset_id, (g.at AT TIME ZONE 'UTC')::date,
  count(*) FILTER (WHERE g.change IN ('granted', 'found')), count(*) FILTER (WHERE g.change IN ('released', 'vanished'))
FROM ledger g JOIN locations l ON l.id = g.location_id
WHERE g.change IN ('granted', 'found', 'released', 'vanished') AND g.at > now() - interval '100 days' GROUP BY 1, 2, 3;

-- What becomes of each asset with a limit, as of the last look.
CREATE TABLE forecasts (
  asset_id integer PRIMARY KEY REFERENCES assets ON DELETE CASCADE,
  location_id integer NOT NULL,
  as_of timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('short_now', 'runs_out', 'lasts', 'never')),
  free integer NOT NULL,
  waiting integer NOT NULL,
  -- Licenses that the waves of the next year will ask for.
  planned integer NOT NULL,
  days_left integer,
  earliest integer,
  latest integer,
  use_per_day double precision,
  confidence text NOT NULL CHECK (confidence IN ('enough_history', 'little_history')),
  history_days integer NOT NULL,
  changes integer NOT NULL,
  -- Soonest first; what does not run out within a year comes last.
  place integer NOT NULL GENERATED ALWAYS AS (coalesce(days_left, 1000)) STORED
);
CREATE INDEX forecasts_soonest ON forecasts (place, asset_id);
CREATE INDEX forecasts_of_location ON forecasts (location_id, place, asset_id);

-- What to buy so that it lasts for a horizon, in days.
CREATE TABLE forecast_needs (
  asset_id integer NOT NULL REFERENCES forecasts ON DELETE CASCADE,
  horizon smallint NOT NULL,
  location_id integer NOT NULL,
  expected integer NOT NULL CHECK (expected >= 0),
  cautious integer CHECK (cautious >= 0),
  PRIMARY KEY (asset_id, horizon)
);
CREATE INDEX forecast_needs_expected ON forecast_needs (horizon, location_id, (-expected), asset_id) WHERE expected > 0;
CREATE INDEX forecast_needs_cautious ON forecast_needs (horizon, location_id, (-coalesce(cautious, expected)), asset_id)
  WHERE coalesce(cautious, expected) > 0;

-- When the forecasts of a location are looked at next.
ALTER TABLE locations ADD COLUMN forecast_at timestamptz NOT NULL DEFAULT '2000-01-01 00:00:00+00';
CREATE INDEX locations_forecast ON locations (forecast_at);
