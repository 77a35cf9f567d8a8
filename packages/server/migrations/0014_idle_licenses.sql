-- Licenses that nobody can use, found by a look at each asset once a day; and undoing what was taken back by hand (L11).

-- The moment of the next daily look at all assets of a location.
ALTER TABLE locations ADD COLUMN idle_look_at timestamptz NOT NULL DEFAULT '-infinity';
CREATE INDEX locations_idle_look ON locations (idle_look_at);

-- What the last look at an asset found, holder by holder.
CREATE TABLE idle_licenses (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  holder_kind holder_kind NOT NULL,
  holder text NOT NULL CHECK (holder <> ''),
  reason text NOT NULL CHECK (reason ~ '^[a-z_]+$'),
  ours boolean NOT NULL,
  -- The look that found it first for this reason.
  found_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, asset_id, holder_kind, holder)
);
CREATE INDEX idle_licenses_reason ON idle_licenses (reason, location_id, asset_id, holder_kind, holder);
CREATE INDEX idle_licenses_holder ON idle_licenses (holder text_pattern_ops);
CREATE INDEX idle_licenses_asset ON idle_licenses (asset_id);

-- Each asset that was looked at or is to be, with what the last look counted: {"reason": [ours, held outside]}.
CREATE TABLE idle_looks (
  asset_id integer PRIMARY KEY REFERENCES assets ON DELETE CASCADE,
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asked boolean NOT NULL DEFAULT true,
  -- The last holder of the last batch, while a look goes on.
  reached_kind holder_kind,
  reached_holder text,
  looked_at timestamptz,
  counts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(counts) = 'object'),
  CHECK ((reached_kind IS NULL) = (reached_holder IS NULL))
);
CREATE INDEX idle_looks_open ON idle_looks (location_id, asset_id) WHERE asked OR reached_holder IS NOT NULL;
CREATE INDEX idle_looks_found ON idle_looks (location_id, asset_id) WHERE counts <> '{}';

ALTER TABLE licenses DROP CONSTRAINT licenses_keep_why_check, ADD CONSTRAINT licenses_keep_why_check
  CHECK (keep_why IN ('unassigned', 'uninstall', 'device_left', 'user_left', 'app_removed', 'undone'));

-- A scope may be what is idle for some reasons, and a record may undo another.
ALTER TABLE interventions
  DROP CONSTRAINT interventions_kind_check,
  ADD CONSTRAINT interventions_kind_check CHECK (kind IN ('take_back', 'free', 'adopt', 'undo')),
  ADD COLUMN idle_reasons text[] CHECK (cardinality(idle_reasons) > 0),
  -- From when on a device counts as unseen, as it was when this was previewed.
  ADD COLUMN unseen_before timestamptz,
  ADD COLUMN undoes uuid REFERENCES interventions ON DELETE CASCADE,
  ADD CHECK ((idle_reasons IS NULL) = (unseen_before IS NULL)),
  ADD CHECK ((kind = 'undo') = (undoes IS NOT NULL));
CREATE INDEX interventions_undoes ON interventions (undoes, applied_at) WHERE undoes IS NOT NULL;

-- giving: on its way to the holder again. given: it is there. not_given: Apple refused. queued: withheld no longer, it
-- waits in its old place.
ALTER TABLE intervention_items
  DROP CONSTRAINT intervention_items_outcome_check,
  ADD CONSTRAINT intervention_items_outcome_check CHECK (outcome IN ('asked', 'taken', 'refused', 'kept', 'adopted',
    'withheld', 'skipped', 'giving', 'given', 'not_given', 'queued')),
  DROP CONSTRAINT intervention_items_check,
  ADD CONSTRAINT intervention_items_check CHECK ((outcome IN ('asked', 'giving')) = (settled_at IS NULL));
CREATE INDEX intervention_items_giving ON intervention_items (location_id, asset_id, holder_kind, holder)
  WHERE outcome = 'giving';
