-- What administrators do to licenses by hand, past the assignments: take back, free, adopt. A preview first, then a
-- record that stays, with every license it was about.

CREATE TABLE interventions (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('take_back', 'free', 'adopt')),
  -- The scope: what is null does not narrow it. All null is everything.
  location_id integer,
  asset_id integer,
  holder_kind holder_kind,
  holder text,
  user_id integer,
  -- The scope with the names that it had when it was asked for: names change and things go, the record does not.
  scope jsonb NOT NULL,
  include_outside boolean NOT NULL,
  -- What an assignment still requires: leave it, or take it and give none until it is given again.
  required text NOT NULL CHECK (required IN ('leave', 'withhold')),
  -- What no assignment requires, when adopting: leave it outside, or adopt it, and then it comes back.
  unassigned text NOT NULL CHECK (unassigned IN ('leave', 'take_back')),
  state text NOT NULL DEFAULT 'preview' CHECK (state IN ('preview', 'running', 'done')),
  preview jsonb NOT NULL,
  fingerprint text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  applied_at timestamptz,
  applied_by text,
  finished_at timestamptz,
  -- Licenses by outcome and reason once it is done; until then the sum over its assets.
  counts jsonb CHECK (jsonb_typeof(counts) = 'object'),
  CHECK ((holder_kind IS NULL) = (holder IS NULL)),
  CHECK (holder IS NULL OR user_id IS NULL),
  CHECK ((state = 'preview') = (applied_at IS NULL)),
  CHECK ((applied_at IS NULL) = (applied_by IS NULL)),
  CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CREATE INDEX interventions_applied ON interventions (applied_at DESC, id DESC) WHERE applied_at IS NOT NULL;
CREATE INDEX interventions_preview ON interventions (expires_at) WHERE applied_at IS NULL;

-- The assets of an intervention that was applied, worked off one after another in batches of holders.
CREATE TABLE intervention_assets (
  intervention_id uuid NOT NULL REFERENCES interventions ON DELETE CASCADE,
  location_id integer NOT NULL,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  -- The last holder of the last batch.
  reached_kind holder_kind,
  reached_holder text,
  begun_at timestamptz,
  done_at timestamptz,
  -- Licenses by outcome and reason, "taken" or "skipped held_outside".
  counts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(counts) = 'object'),
  PRIMARY KEY (intervention_id, asset_id)
);
CREATE INDEX intervention_assets_open ON intervention_assets (location_id, intervention_id, asset_id) WHERE done_at IS NULL;

-- Every license, or target without one, that an intervention was about.
CREATE TABLE intervention_items (
  intervention_id uuid NOT NULL REFERENCES interventions ON DELETE CASCADE,
  location_id integer NOT NULL,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  holder_kind holder_kind NOT NULL,
  holder text NOT NULL,
  -- asked: on its way back. taken: it is back. refused: Apple does not take it back, for now. kept: it was given again
  -- or required anew before it left. The others ended at once.
  outcome text NOT NULL CHECK (outcome IN ('asked', 'taken', 'refused', 'kept', 'adopted', 'withheld', 'skipped')),
  reason text CHECK (reason ~ '^[a-z_]+$'),
  error_number integer,
  detail text,
  settled_at timestamptz,
  CHECK ((outcome = 'asked') = (settled_at IS NULL)),
  PRIMARY KEY (intervention_id, asset_id, holder_kind, holder)
);
CREATE INDEX intervention_items_open ON intervention_items (location_id, asset_id, holder_kind, holder)
  WHERE outcome IN ('asked', 'refused');

-- A target that was taken back although it is required gets no license until it is given again, or until its
-- assignments let go of it. The fact lives as long as the target.
ALTER TABLE targets ADD COLUMN withheld_by uuid;
ALTER TABLE targets ADD COLUMN withheld_at timestamptz;
ALTER TABLE targets ADD CHECK ((withheld_by IS NULL) = (withheld_at IS NULL));
ALTER TABLE targets ADD CHECK (withheld_by IS NULL OR NOT waits);
CREATE INDEX targets_withheld ON targets (location_id, asset_id, device_id) WHERE withheld_by IS NOT NULL;
CREATE INDEX targets_withheld_by ON targets (withheld_by) WHERE withheld_by IS NOT NULL;

-- The ledger: who took it back, and lists by time over all assets.
ALTER TABLE ledger ADD COLUMN intervention_id uuid;
ALTER TABLE ledger DROP CONSTRAINT ledger_change_check;
ALTER TABLE ledger ADD CONSTRAINT ledger_change_check
  CHECK (change IN ('granted', 'released', 'refused', 'found', 'vanished', 'adopted'));
CREATE INDEX ledger_newest ON ledger (id);
CREATE INDEX ledger_intervention ON ledger (intervention_id, id) WHERE intervention_id IS NOT NULL;
-- Lines are written in the order of time, so a few pages of index find a period in any number of them.
CREATE INDEX ledger_period ON ledger USING brin (at);
