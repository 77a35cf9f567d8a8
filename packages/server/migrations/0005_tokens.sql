-- The life of a content token: what Apple last said of its location, care of notifications and the claim, deletion.

ALTER TABLE locations
  -- What Apple says, beside what the administrator chose.
  ADD COLUMN apple_country text,
  -- The last answer of Apple that proved the token, and the last time that Apple asked us to slow down.
  ADD COLUMN answered_at timestamptz,
  ADD COLUMN slowed_at timestamptz,
  -- When the location is to be looked after: probe, claim, notifications.
  ADD COLUMN tend_at timestamptz NOT NULL DEFAULT '2000-01-01 00:00:00+00',
  -- The public address under which notifications were last registered or tried.
  ADD COLUMN notification_base text,
  ADD COLUMN notifications_off text CHECK (notifications_off IN ('unreachable', 'unheard', 'silent')),
  ADD COLUMN notifications_off_since timestamptz,
  ADD COLUMN registered_at timestamptz,
  -- An address of somebody else that stayed registered when we claimed the location without one of our own.
  ADD COLUMN inherited_url text,
  -- Deletion. What is ours is released first or left, then the claim goes, then the rows.
  ADD COLUMN leaving_since timestamptz,
  ADD COLUMN leaving_by text,
  ADD COLUMN leaving_licenses text CHECK (leaving_licenses IN ('release', 'leave')),
  ADD COLUMN leaving_phase text CHECK (leaving_phase IN ('releasing', 'unclaiming', 'deleting')),
  -- Licenses that were to be released when it began.
  ADD COLUMN leaving_count integer,
  ADD COLUMN leaving_look_at timestamptz,
  ADD COLUMN leaving_claim jsonb CHECK (jsonb_typeof(leaving_claim) = 'object'),
  ADD CHECK ((leaving_since IS NULL) = (leaving_phase IS NULL) AND (leaving_since IS NULL) = (leaving_licenses IS NULL)
    AND (leaving_since IS NULL) = (leaving_look_at IS NULL));
CREATE INDEX locations_tend ON locations (tend_at);
CREATE INDEX locations_leaving ON locations (leaving_look_at) WHERE leaving_since IS NOT NULL;

-- Locations whose token was deleted, and what their lines of the ledger are about.
CREATE TABLE former_locations (
  id integer PRIMARY KEY,
  uid text NOT NULL,
  name text NOT NULL,
  organization_name text NOT NULL,
  added_at timestamptz NOT NULL,
  deleted_at timestamptz NOT NULL,
  deleted_by text NOT NULL,
  claim jsonb NOT NULL CHECK (jsonb_typeof(claim) = 'object')
);

CREATE TABLE former_assets (
  location_id integer NOT NULL,
  asset_id integer NOT NULL,
  adam_id text NOT NULL,
  pricing_param text NOT NULL,
  PRIMARY KEY (location_id, asset_id)
);
