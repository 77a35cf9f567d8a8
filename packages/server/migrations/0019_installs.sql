-- Installations on devices under management (D3, D4): how each stands, how it came there, and which to look at.

CREATE TABLE installs (
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  adam_id text NOT NULL CHECK (adam_id <> ''),
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  -- The pool that the license is of.
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  enrollment_id integer NOT NULL REFERENCES enrollments ON DELETE CASCADE,
  -- Known from the catalog or from the device's answers.
  bundle_id text,
  wanted text NOT NULL CHECK (wanted IN ('installed', 'removed', 'nothing')),
  state text NOT NULL CHECK (state IN ('licensed', 'commanded', 'prompting', 'installing', 'installed', 'refused', 'failed',
    'cannot_install', 'removing', 'removed', 'released')),
  since timestamptz NOT NULL,
  cause jsonb NOT NULL CHECK (cause ->> 'code' ~ '^[a-z_]+$'),
  attempts smallint NOT NULL DEFAULT 0,
  polls smallint NOT NULL DEFAULT 0,
  -- The moment at which it is looked at by itself.
  due_at timestamptz,
  -- The last command about it.
  command_id uuid,
  external_version bigint,
  -- The app may be on the device, or come to it, by what we told it: its license is not taken away unseen (invariant 9).
  may_be_there boolean NOT NULL GENERATED ALWAYS AS
    (state IN ('commanded', 'prompting', 'installing', 'installed', 'removing')) STORED,
  PRIMARY KEY (device_id, adam_id)
);
CREATE INDEX installs_due ON installs (location_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX installs_asset ON installs (location_id, asset_id, state, device_id);
CREATE INDEX installs_of_asset ON installs (asset_id);
CREATE INDEX installs_enrollment ON installs (enrollment_id);

-- Every state that an installation was in, in order.
CREATE TABLE install_steps (
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  adam_id text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  state text NOT NULL,
  cause jsonb NOT NULL,
  command_id uuid,
  PRIMARY KEY (device_id, adam_id, seq)
);

-- Devices under management at which an asset is to be looked at: its target, its license or the device changed.
CREATE TABLE delivery_looks (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  PRIMARY KEY (location_id, asset_id, device_id)
);
CREATE INDEX delivery_looks_asset ON delivery_looks (asset_id);
CREATE INDEX delivery_looks_device ON delivery_looks (device_id);
