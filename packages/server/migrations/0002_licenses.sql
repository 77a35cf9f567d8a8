-- The pipeline of a license: locations and what Apple says of them, the directory, assignments, targets,
-- licenses and the operations that change them.

-- Content tokens and locations ------------------------------------------------------------------------------

CREATE TABLE locations (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid text NOT NULL UNIQUE CHECK (uid <> ''),
  name text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  organization_name text NOT NULL,
  location_name text,
  account text CHECK (length(account) <= 320),
  account_type text NOT NULL CHECK (account_type IN ('business', 'education')),
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  store_platform text NOT NULL,
  website_url text,
  automatic_updates boolean NOT NULL DEFAULT false,
  consent_at timestamptz,
  token_sealed bytea NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  token_expires_at timestamptz NOT NULL,
  token_uploaded_at timestamptz NOT NULL,
  -- What Apple last said of the token; that it expired follows from token_expires_at.
  token_state text NOT NULL DEFAULT 'valid' CHECK (token_state IN ('valid', 'revoked', 'invalid')),
  token_error_number integer,
  -- Our identity in Apple's mdmInfo; an answer that carries another id means that another service took over.
  mdm_id uuid NOT NULL UNIQUE,
  managed_by jsonb CHECK (jsonb_typeof(managed_by) = 'object'),
  sync_every_minutes integer NOT NULL DEFAULT 720 CHECK (sync_every_minutes BETWEEN 15 AND 10080),
  next_sync_at timestamptz NOT NULL,
  exact_as_of timestamptz,
  assets_version text,
  assignments_version text,
  users_version text,
  -- When licenses last changed by anything but a walk: a walk that began earlier does not vouch for them any more.
  licenses_changed_at timestamptz,
  notifications_from timestamptz,
  created_at timestamptz NOT NULL
);

-- An address that Apple posts to. It exists, committed, before Apple is told of it, since Apple probes it
-- while it handles the very call that registers it.
CREATE TABLE webhooks (
  path_key text PRIMARY KEY CHECK (length(path_key) >= 20),
  uid text NOT NULL,
  secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_heard_at timestamptz
);
CREATE INDEX webhooks_uid ON webhooks (uid);

-- Stored before they are answered, processed after. Apple may repeat one.
CREATE TABLE notifications (
  uid text NOT NULL,
  notification_id text NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  processed_at timestamptz,
  PRIMARY KEY (uid, notification_id)
);
CREATE INDEX notifications_waiting ON notifications (uid, received_at) WHERE processed_at IS NULL;
CREATE INDEX notifications_received ON notifications (received_at);

-- Server processes that work for locations, each alive until it no longer says so.
CREATE TABLE server_processes (
  id uuid PRIMARY KEY,
  alive_until timestamptz NOT NULL
);

-- One writer per location, for as long as its process lives. The epoch rises with each new owner and fences off a late
-- writer.
CREATE TABLE leases (
  location_id integer PRIMARY KEY REFERENCES locations ON DELETE CASCADE,
  owner uuid NOT NULL,
  epoch bigint NOT NULL DEFAULT 1
);
CREATE INDEX leases_owner ON leases (owner);

-- The next moment at which a request for this location may leave, whichever process sends it.
CREATE TABLE request_slots (
  uid text PRIMARY KEY,
  next_at timestamptz NOT NULL
);

CREATE TABLE sync_runs (
  id uuid PRIMARY KEY,
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  cause text NOT NULL CHECK (cause IN ('first', 'schedule', 'administrator', 'drift')),
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  phase text CHECK (phase IN ('connect', 'assets', 'users', 'licenses', 'compare', 'titles')),
  asked_at timestamptz NOT NULL,
  -- Asked for again while it ran: what it had read already may be old, so another one follows.
  asked_again_for text CHECK (asked_again_for IN ('administrator', 'drift')),
  started_at timestamptz,
  finished_at timestamptz,
  pages_done integer NOT NULL DEFAULT 0,
  pages_total integer,
  assets_seen integer NOT NULL DEFAULT 0,
  users_seen integer NOT NULL DEFAULT 0,
  licenses_seen integer NOT NULL DEFAULT 0,
  licenses_found integer NOT NULL DEFAULT 0,
  licenses_gone integer NOT NULL DEFAULT 0,
  problem_code text,
  problem_detail text
);
CREATE UNIQUE INDEX sync_runs_one_open ON sync_runs (location_id) WHERE state IN ('waiting', 'running');
CREATE INDEX sync_runs_history ON sync_runs (location_id, asked_at DESC);

-- Catalog ---------------------------------------------------------------------------------------------------

CREATE TABLE titles (
  country text NOT NULL,
  adam_id text NOT NULL CHECK (adam_id <> ''),
  kind text CHECK (kind IN ('app', 'mac_app', 'book')),
  name text,
  publisher text,
  bundle_id text,
  device_families text[] NOT NULL DEFAULT '{}',
  version text,
  minimum_os text,
  price numeric,
  price_text text,
  genres text[] NOT NULL DEFAULT '{}',
  store_url text,
  release_date text,
  description text,
  artwork_url text,
  is_custom boolean NOT NULL DEFAULT false,
  looked_up_at timestamptz NOT NULL,
  -- Null while Apple's lookup has never answered for this title.
  found_at timestamptz,
  PRIMARY KEY (country, adam_id)
);

CREATE TABLE title_icons (
  country text NOT NULL,
  adam_id text NOT NULL,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
  bytes bytea NOT NULL CHECK (length(bytes) <= 1048576),
  artwork_url text NOT NULL,
  fetched_at timestamptz NOT NULL,
  PRIMARY KEY (country, adam_id)
);

-- Directory -------------------------------------------------------------------------------------------------

CREATE TABLE users (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The key of imports: the name a person signs in with, usually an e-mail address.
  user_name text NOT NULL CHECK (user_name <> '' AND length(user_name) <= 320),
  name text NOT NULL DEFAULT '',
  email text,
  department text,
  -- The id under which Apple knows the person: never an e-mail address, since those are given out again.
  client_user_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX users_user_name ON users (lower(user_name) text_pattern_ops);
CREATE INDEX users_name ON users (lower(name) text_pattern_ops, id);

CREATE TABLE devices (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  serial_number text NOT NULL UNIQUE CHECK (serial_number ~ '^[A-Z0-9-]{4,32}$'),
  name text NOT NULL DEFAULT '',
  model text,
  platform text CHECK (platform IN ('iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS')),
  os_version text,
  ownership text NOT NULL DEFAULT 'corporate' CHECK (ownership IN ('corporate', 'personal')),
  supervised boolean NOT NULL DEFAULT false,
  user_id integer REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX devices_serial_prefix ON devices (serial_number text_pattern_ops);
CREATE INDEX devices_name ON devices (lower(name) text_pattern_ops, id);
CREATE INDEX devices_user ON devices (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE groups (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('device', 'user')),
  name text NOT NULL CHECK (name <> '' AND length(name) <= 200),
  description text NOT NULL DEFAULT '',
  built_in text UNIQUE CHECK (built_in IN ('all_devices', 'all_users')),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX groups_name ON groups (lower(name));
INSERT INTO groups (kind, name, description, built_in, created_at, updated_at) VALUES
  ('device', 'All devices', 'Every device in the directory', 'all_devices', now(), now()),
  ('user', 'All users', 'Every user in the directory', 'all_users', now(), now());

CREATE TABLE group_devices (
  group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (group_id, device_id)
);
CREATE INDEX group_devices_device ON group_devices (device_id);

CREATE TABLE group_users (
  group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_users_user ON group_users (user_id);

-- Which devices a group reaches: a device group its members, a user group the devices of its members.
CREATE VIEW group_reach AS
  SELECT group_id, device_id FROM group_devices
  UNION ALL
  SELECT gu.group_id, d.id FROM group_users gu JOIN devices d ON d.user_id = gu.user_id
  UNION ALL
  SELECT g.id, d.id FROM groups g CROSS JOIN devices d WHERE g.built_in = 'all_devices'
  UNION ALL
  SELECT g.id, d.id FROM groups g JOIN devices d ON d.user_id IS NOT NULL WHERE g.built_in = 'all_users';

CREATE TABLE imports (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('devices', 'users', 'groups')),
  at timestamptz NOT NULL,
  actor_name text NOT NULL,
  file_name text,
  on_error text NOT NULL CHECK (on_error IN ('keep_good_rows', 'keep_nothing')),
  kept boolean NOT NULL,
  rows integer NOT NULL,
  created integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  rejected integer NOT NULL,
  rejections jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX imports_at ON imports (at DESC, id);

-- Licenses --------------------------------------------------------------------------------------------------

CREATE TYPE holder_kind AS ENUM ('device', 'user');
CREATE TYPE license_state AS ENUM ('granting', 'held', 'releasing');

CREATE TABLE assets (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  adam_id text NOT NULL CHECK (adam_id <> ''),
  pricing_param text NOT NULL,
  product_type text NOT NULL,
  unlimited boolean NOT NULL DEFAULT false,
  -- What Apple last said, at counted_at.
  total integer NOT NULL CHECK (total >= 0),
  assigned integer NOT NULL CHECK (assigned >= 0),
  available integer NOT NULL,
  retired integer NOT NULL CHECK (retired >= 0),
  device_assignable boolean NOT NULL,
  revocable boolean NOT NULL,
  platforms text[] NOT NULL DEFAULT '{}',
  counted_at timestamptz NOT NULL,
  -- Rows of licenses in state held or releasing, of these not ours, and in state granting.
  held integer NOT NULL DEFAULT 0 CHECK (held >= 0),
  held_outside integer NOT NULL DEFAULT 0 CHECK (held_outside >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  -- Required targets without a license, as of the last look at the asset.
  waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  -- Apple said that none are left although we count some: until then nothing more is asked for.
  short_until timestamptz,
  first_seen_at timestamptz NOT NULL,
  gone_at timestamptz,
  UNIQUE (location_id, adam_id, pricing_param)
);
CREATE INDEX assets_adam_id ON assets (adam_id);
CREATE INDEX assets_short ON assets (short_until, location_id) WHERE short_until IS NOT NULL;

-- Invariant 1, never over: whatever Apple reports may be stored, but no reservation may grow past what is owned.
CREATE FUNCTION refuse_over_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reserved > OLD.reserved AND NOT NEW.unlimited AND NEW.held + NEW.reserved + NEW.retired > NEW.total THEN
    RAISE EXCEPTION 'never over: asset % would have % held + % reserved + % retired of % licenses',
      NEW.id, NEW.held, NEW.reserved, NEW.retired, NEW.total USING ERRCODE = 'check_violation', CONSTRAINT = 'assets_never_over';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assets_never_over BEFORE UPDATE OF reserved ON assets
  FOR EACH ROW EXECUTE FUNCTION refuse_over_reservation();

-- One license, or one on its way: the key is Apple's identity of an assignment, so nobody can hold two.
CREATE TABLE licenses (
  location_id integer NOT NULL,
  -- No foreign key: it would double the time of a sync of millions, and assets are kept when they are gone.
  asset_id integer NOT NULL,
  holder_kind holder_kind NOT NULL,
  -- A serial number or a clientUserId.
  holder text NOT NULL CHECK (holder <> ''),
  state license_state NOT NULL,
  -- Granted or adopted by us. What is not ours is never released by us (invariant 4).
  ours boolean NOT NULL,
  -- When it entered its state; for a license found at Apple, when it was found.
  since timestamptz NOT NULL,
  assignment_id integer,
  operation_id uuid,
  -- Apple refused to take it back; it is asked again at this moment.
  release_after timestamptz,
  CHECK (state = 'held' OR ours),
  PRIMARY KEY (location_id, asset_id, holder_kind, holder)
);
CREATE INDEX licenses_release_after ON licenses (release_after, location_id) WHERE release_after IS NOT NULL;
-- The holder first: in the other order it would tempt lists, which are ordered by kind and holder, away from the key.
CREATE INDEX licenses_holder ON licenses (holder, holder_kind);
CREATE INDEX licenses_operation ON licenses (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX licenses_unpacked ON licenses (location_id, state, holder_kind, holder, asset_id)
  WHERE operation_id IS NULL AND state <> 'held';
CREATE INDEX licenses_on_the_way ON licenses (location_id, asset_id, holder_kind, holder) WHERE state <> 'held';
-- The oldest and the newest reservation of a location, whatever their number.
CREATE INDEX licenses_unpacked_since ON licenses (location_id, since) WHERE operation_id IS NULL AND state <> 'held';

-- Grants whose answer was lost and that Apple had not done when it was asked. It may do them late; then they are ours.
CREATE TABLE given_up_grants (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asset_id integer NOT NULL,
  holder_kind holder_kind NOT NULL,
  holder text NOT NULL,
  assignment_id integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (location_id, asset_id, holder_kind, holder)
);

CREATE TABLE apple_users (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  client_user_id text NOT NULL,
  status text NOT NULL,
  email text,
  id_hash text,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (location_id, client_user_id)
);

-- One request to Apple, committed before it leaves (invariant 3).
CREATE TABLE operations (
  id uuid PRIMARY KEY,
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('associate', 'disassociate')),
  -- recorded: not sent. sending: about to leave or left, no answer yet. sent: Apple gave an event.
  -- unknown: the answer was lost; what Apple did is read back. The others are ends.
  state text NOT NULL CHECK (state IN ('recorded', 'sending', 'sent', 'unknown', 'done', 'partly', 'failed')),
  asset_ids integer[] NOT NULL CHECK (cardinality(asset_ids) > 0),
  holder_kind holder_kind NOT NULL,
  holders text[] NOT NULL CHECK (cardinality(holders) > 0),
  tasks integer NOT NULL CHECK (tasks > 0),
  recorded_at timestamptz NOT NULL,
  sending_at timestamptz,
  sent_at timestamptz,
  event_id text,
  next_look_at timestamptz,
  heard_at timestamptz,
  finished_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  completed integer NOT NULL DEFAULT 0,
  -- Tasks that Apple refused, as far as notifications told while it is open.
  refused integer NOT NULL DEFAULT 0,
  problem_number integer,
  problem_detail text,
  CHECK ((state = 'sent') <= (event_id IS NOT NULL)),
  CHECK ((state IN ('done', 'partly', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX operations_open ON operations (location_id, state, recorded_at) WHERE finished_at IS NULL;
CREATE INDEX operations_history ON operations (location_id, recorded_at DESC, id);
CREATE INDEX operations_event ON operations (location_id, event_id) WHERE event_id IS NOT NULL;

-- Who held what when; append-only.
CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY,
  location_id integer NOT NULL,
  asset_id integer NOT NULL,
  holder_kind holder_kind NOT NULL,
  holder text NOT NULL,
  at timestamptz NOT NULL,
  change text NOT NULL CHECK (change IN ('granted', 'released', 'refused', 'found', 'vanished')),
  cause text NOT NULL,
  assignment_id integer,
  operation_id uuid,
  PRIMARY KEY (location_id, asset_id, id)
);
CREATE INDEX ledger_holder ON ledger (holder_kind, holder, id);

-- Assignments -----------------------------------------------------------------------------------------------

CREATE TABLE assignments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  group_id integer NOT NULL REFERENCES groups ON DELETE RESTRICT,
  mode text NOT NULL CHECK (mode IN ('include', 'exclude')),
  intent text CHECK (intent IN ('required', 'uninstall')),
  license_type text NOT NULL DEFAULT 'device' CHECK (license_type IN ('device')),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  CHECK ((mode = 'include') = (intent IS NOT NULL)),
  UNIQUE (asset_id, group_id)
);
CREATE INDEX assignments_group ON assignments (group_id);

-- What assignments resolve to, with the rule that decided it. A required target without a license waits.
CREATE TABLE targets (
  location_id integer NOT NULL,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  intent text NOT NULL CHECK (intent IN ('required', 'uninstall')),
  assignment_id integer NOT NULL,
  -- The place in the queue: earlier first, then by device.
  entered_at timestamptz NOT NULL,
  refused_number integer,
  refused_detail text,
  retry_at timestamptz,
  -- Required and without a license, as of the last look at the asset: the queue.
  waits boolean NOT NULL DEFAULT false,
  PRIMARY KEY (location_id, asset_id, device_id)
);
CREATE INDEX targets_queue ON targets (location_id, asset_id, entered_at, device_id) WHERE waits;
CREATE INDEX targets_device ON targets (device_id);
CREATE INDEX targets_retry ON targets (retry_at, location_id) WHERE retry_at IS NOT NULL;

CREATE TABLE plans (
  id uuid PRIMARY KEY,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  wanted jsonb NOT NULL,
  outcome jsonb NOT NULL,
  fingerprint text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  applied_at timestamptz
);
