-- The assignment engine: what is known of devices and people, nested and dynamic groups, settings of an assignment,
-- targets that are devices or people, and the queue's order.

-- Devices and people (D2, U1)

ALTER TABLE devices
  ADD COLUMN kiosk boolean NOT NULL DEFAULT false,
  -- How it is enrolled: `device`, `user` (User Enrollment, which hides the serial number) or `shared` (Shared iPad).
  ADD COLUMN enrollment_type text NOT NULL DEFAULT 'device' CHECK (enrollment_type IN ('device', 'user', 'shared')),
  ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$'),
  ADD COLUMN site text CHECK (site <> '' AND length(site) <= 200),
  ADD COLUMN tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
  ADD COLUMN last_seen_at timestamptz;
CREATE INDEX devices_last_seen ON devices (last_seen_at) WHERE last_seen_at IS NOT NULL;

ALTER TABLE users
  ADD COLUMN active boolean NOT NULL DEFAULT true,
  -- The Managed Apple Account with which a person joins without an invitation.
  ADD COLUMN managed_apple_account text CHECK (managed_apple_account <> '' AND length(managed_apple_account) <= 320);
CREATE INDEX users_inactive ON users (id) WHERE NOT active;

/* How a device is enrolled, as far as it decides which licenses work and what the person is asked (A5). */
CREATE FUNCTION enrolment_kind(enrollment_type text, kiosk boolean, ownership text, supervised boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN enrollment_type = 'user' THEN 'user_enrolment'
  WHEN enrollment_type = 'shared' THEN 'shared_ipad'
  WHEN kiosk THEN 'kiosk'
  WHEN ownership = 'personal' THEN 'byod'
  WHEN supervised THEN 'corporate_supervised'
  ELSE 'corporate_unsupervised' END;

-- Groups in groups, and groups by rule (A1)

ALTER TABLE groups
  ADD COLUMN rule jsonb CHECK (jsonb_typeof(rule) = 'object'),
  ADD CHECK (rule IS NULL OR (kind = 'device' AND built_in IS NULL));

CREATE TABLE group_groups (
  group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  member_group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (group_id, member_group_id),
  CHECK (group_id <> member_group_id)
);
CREATE INDEX group_groups_member ON group_groups (member_group_id);

-- Each group with itself and with every group in it, however deep.
CREATE TABLE group_closure (
  group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  member_group_id integer NOT NULL REFERENCES groups ON DELETE CASCADE,
  PRIMARY KEY (group_id, member_group_id)
);
CREATE INDEX group_closure_member ON group_closure (member_group_id);
INSERT INTO group_closure SELECT id, id FROM groups;

CREATE FUNCTION add_group_to_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO group_closure (group_id, member_group_id) VALUES (NEW.id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER groups_close AFTER INSERT ON groups FOR EACH ROW EXECUTE FUNCTION add_group_to_closure();

-- The people of a group, and those of the groups in it. Who has left is in none.
CREATE VIEW group_people AS
  SELECT c.group_id, m.user_id FROM group_closure c JOIN group_users m ON m.group_id = c.member_group_id
    JOIN users u ON u.id = m.user_id AND u.active
  UNION ALL
  SELECT g.id, u.id FROM groups g JOIN users u ON u.active WHERE g.built_in = 'all_users';

CREATE OR REPLACE VIEW group_reach AS
  SELECT c.group_id, m.device_id FROM group_closure c JOIN group_devices m ON m.group_id = c.member_group_id
  UNION ALL
  SELECT c.group_id, d.id AS device_id FROM group_closure c JOIN group_users m ON m.group_id = c.member_group_id
    JOIN users u ON u.id = m.user_id AND u.active JOIN devices d ON d.user_id = u.id
  UNION ALL
  SELECT g.id, d.id FROM groups g CROSS JOIN devices d WHERE g.built_in = 'all_devices'
  UNION ALL
  SELECT g.id, d.id FROM groups g CROSS JOIN devices d JOIN users u ON u.id = d.user_id AND u.active
    WHERE g.built_in = 'all_users';

-- Assignments (A2, A3, A6, L3, L7, L8, L9, C3)

ALTER TABLE assignments
  DROP CONSTRAINT assignments_intent_check,
  DROP CONSTRAINT assignments_license_type_check,
  ADD CHECK (intent IN ('required', 'available', 'uninstall')),
  ADD CHECK (license_type IN ('device', 'user')),
  -- Who is served first when licenses run short: higher before lower, then older before younger.
  ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 100),
  -- Licenses kept for those of this assignment, and the most that they may hold.
  ADD COLUMN reserve integer CHECK (reserve > 0),
  ADD COLUMN quota integer CHECK (quota >= 0),
  -- From which pool of the title: this asset's, that of the device's country, or the one with the most free.
  ADD COLUMN pools text NOT NULL DEFAULT 'own' CHECK (pools IN ('own', 'country', 'most_free')),
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  ADD COLUMN reclaim jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(reclaim) = 'object'),
  -- A staged rollout: the share of devices in force now, and what comes when.
  ADD COLUMN rollout_percent smallint NOT NULL DEFAULT 100 CHECK (rollout_percent BETWEEN 0 AND 100),
  ADD COLUMN rollout_waves jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(rollout_waves) = 'array'),
  ADD COLUMN rollout_stop_at smallint CHECK (rollout_stop_at BETWEEN 1 AND 100),
  ADD COLUMN rollout_next_at timestamptz,
  ADD COLUMN rollout_stopped_at timestamptz,
  ADD COLUMN rollout_stopped_why text,
  ADD CHECK (reserve IS NULL OR quota IS NULL OR reserve <= quota),
  ADD CHECK ((rollout_stopped_at IS NULL) = (rollout_stopped_why IS NULL));
CREATE INDEX assignments_rollout ON assignments (rollout_next_at) WHERE rollout_next_at IS NOT NULL;

-- Assignments that were removed: what they said of taking back still holds for the licenses that they gave.
CREATE TABLE former_assignments (
  id integer PRIMARY KEY,
  asset_id integer NOT NULL,
  group_id integer NOT NULL,
  group_name text NOT NULL,
  reclaim jsonb NOT NULL CHECK (jsonb_typeof(reclaim) = 'object'),
  removed_at timestamptz NOT NULL,
  removed_by text NOT NULL
);
CREATE INDEX former_assignments_asset ON former_assignments (asset_id);

-- Targets: devices, and the people who hold user licenses

ALTER TABLE targets DROP CONSTRAINT targets_pkey, DROP CONSTRAINT targets_intent_check, DROP CONSTRAINT targets_check1;
ALTER TABLE targets
  ALTER COLUMN device_id DROP NOT NULL,
  ADD COLUMN user_id integer REFERENCES users ON DELETE CASCADE,
  ADD COLUMN offered boolean NOT NULL DEFAULT false,
  ADD COLUMN license_type text NOT NULL DEFAULT 'device' CHECK (license_type IN ('device', 'user')),
  ADD COLUMN priority smallint NOT NULL DEFAULT 0,
  -- When somebody asked for what is only available; it takes a license from then on.
  ADD COLUMN asked_at timestamptz,
  ADD CHECK (intent IN ('required', 'available', 'uninstall', 'available_or_uninstall')),
  ADD CHECK ((device_id IS NULL) <> (user_id IS NULL)),
  ADD CHECK (user_id IS NULL OR license_type = 'user');
-- Whether this row takes a license: a device's own, or a person's, which all of the person's devices share.
ALTER TABLE targets ADD COLUMN wants boolean NOT NULL GENERATED ALWAYS AS (
  (user_id IS NOT NULL OR license_type = 'device')
  AND (intent = 'required' OR (asked_at IS NOT NULL AND intent IN ('available', 'available_or_uninstall')))
  AND withheld_by IS NULL) STORED;
ALTER TABLE targets ADD CHECK (wants OR NOT waits);
CREATE UNIQUE INDEX targets_of_devices ON targets (location_id, asset_id, device_id);
CREATE UNIQUE INDEX targets_of_users ON targets (location_id, asset_id, user_id) WHERE user_id IS NOT NULL;
DROP INDEX targets_queue;
CREATE INDEX targets_queue ON targets (location_id, asset_id, priority DESC, entered_at, device_id, user_id) WHERE waits;
CREATE INDEX targets_user ON targets (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX targets_assignment ON targets (location_id, asset_id, assignment_id);

-- Licenses that nobody needs and that are kept for a while, by the policy of the assignment that gave them (L7).
ALTER TABLE licenses
  ADD COLUMN keep_until timestamptz,
  ADD COLUMN keep_why text CHECK (keep_why IN ('unassigned', 'uninstall', 'device_left', 'user_left', 'app_removed')),
  ADD CHECK ((keep_until IS NULL) = (keep_why IS NULL));
CREATE INDEX licenses_keep_until ON licenses (keep_until, location_id) WHERE keep_until IS NOT NULL;

-- The pool that a device has its place in, where an assignment draws on all pools of a title (C3).
CREATE TABLE placements (
  adam_id text NOT NULL,
  device_id integer NOT NULL REFERENCES devices ON DELETE CASCADE,
  asset_id integer NOT NULL REFERENCES assets ON DELETE CASCADE,
  PRIMARY KEY (adam_id, device_id)
);
CREATE INDEX placements_asset ON placements (asset_id, device_id);
CREATE INDEX placements_device ON placements (device_id);

-- Devices of an asset that changed, where nothing else did: work in proportion to the change.
CREATE TABLE device_looks (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  asset_id integer NOT NULL,
  device_id integer NOT NULL,
  PRIMARY KEY (location_id, asset_id, device_id)
);

-- A plan is about one asset, several, or the members of a group (A4).
ALTER TABLE plans
  ALTER COLUMN asset_id DROP NOT NULL,
  ADD COLUMN kind text NOT NULL DEFAULT 'assignments' CHECK (kind IN ('assignments', 'group'));
