-- People at Apple: who is known at which location, open invitations, and registrations on their way (U1).

ALTER TABLE apple_users
  -- The code of an open invitation, sealed: whoever has it could join in the person's place.
  ADD COLUMN invitation_sealed bytea,
  -- Since when Apple knows the person at this location, as far as we saw it.
  ADD COLUMN registered_at timestamptz;
UPDATE apple_users SET registered_at = seen_at;
ALTER TABLE apple_users ALTER COLUMN registered_at SET NOT NULL;
CREATE INDEX apple_users_person ON apple_users (client_user_id);
CREATE INDEX apple_users_email ON apple_users (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX users_client_user_id_text ON users ((client_user_id::text));

-- What Apple posted of users carries the codes in clear; what it told is read from Apple instead.
DELETE FROM notifications WHERE type IN ('USER_MANAGEMENT', 'USER_ASSOCIATED');
UPDATE locations SET users_doubted = true, users_version = NULL;

-- Requests to Apple about people, committed before they leave (invariant 3).
CREATE TABLE user_operations (
  id uuid PRIMARY KEY,
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('create', 'update')),
  state text NOT NULL CHECK (state IN ('recorded', 'sending', 'sent', 'unknown', 'done', 'partly', 'failed')),
  client_user_ids text[] NOT NULL CHECK (cardinality(client_user_ids) > 0),
  recorded_at timestamptz NOT NULL,
  sent_at timestamptz,
  event_id text,
  next_look_at timestamptz,
  finished_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  problem_number integer,
  problem_detail text,
  CHECK ((state = 'sent') <= (event_id IS NOT NULL)),
  CHECK ((state IN ('done', 'partly', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX user_operations_open ON user_operations (location_id, state, recorded_at) WHERE finished_at IS NULL;
CREATE INDEX user_operations_event ON user_operations (location_id, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX user_operations_location ON user_operations (location_id);

-- How far the registration of a person at a location is. Whoever wants a license there, or wanted one, has a row.
CREATE TABLE registrations (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
  -- When it is to be looked at; null: nothing is to be done.
  due_at timestamptz,
  -- The request that the person is in, until its outcome is known.
  operation_id uuid REFERENCES user_operations ON DELETE SET NULL,
  registered_at timestamptz,
  problem_number integer,
  problem_detail text,
  problem_at timestamptz,
  -- The problem stays until the account changes or somebody asks to try again.
  final boolean NOT NULL DEFAULT false,
  PRIMARY KEY (location_id, user_id),
  CHECK ((problem_at IS NULL) = (problem_detail IS NULL)),
  CHECK (problem_at IS NOT NULL OR NOT final)
);
CREATE INDEX registrations_due ON registrations (location_id, due_at) WHERE due_at IS NOT NULL AND operation_id IS NULL;
CREATE INDEX registrations_operation ON registrations (operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX registrations_user ON registrations (user_id);

-- Whoever begins to want a license where Apple does not know the person is to be registered. Triggers, since targets,
-- people and what Apple knows are written from many places; each sync looks for whoever was missed all the same.

CREATE FUNCTION ask_for_registrations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT DISTINCT i.location_id, i.user_id, '-infinity'::timestamptz
  FROM inserted i JOIN users u ON u.id = i.user_id JOIN locations l ON l.id = i.location_id
  WHERE i.wants AND NOT EXISTS (SELECT 1 FROM apple_users k
    WHERE k.location_id = i.location_id AND k.client_user_id = u.client_user_id::text)
  ORDER BY 1, 2
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER targets_ask_for_registrations AFTER INSERT ON targets
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ask_for_registrations();

CREATE FUNCTION ask_for_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT NEW.location_id, NEW.user_id, '-infinity'::timestamptz FROM users u
  WHERE u.id = NEW.user_id AND NOT EXISTS (SELECT 1 FROM apple_users k
    WHERE k.location_id = NEW.location_id AND k.client_user_id = u.client_user_id::text)
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER targets_ask_for_registration AFTER UPDATE ON targets FOR EACH ROW
  WHEN (NEW.user_id IS NOT NULL AND NEW.wants AND (NOT OLD.wants OR (OLD.retry_at IS NOT NULL AND NEW.retry_at IS NULL)))
  EXECUTE FUNCTION ask_for_registration();

-- Apple knows somebody no more who still wants a license.
CREATE FUNCTION ask_for_registrations_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT g.location_id, u.id, '-infinity'::timestamptz
  FROM gone g JOIN users u ON u.client_user_id::text = g.client_user_id JOIN locations l ON l.id = g.location_id
  WHERE EXISTS (SELECT 1 FROM targets t WHERE t.user_id = u.id AND t.location_id = g.location_id AND t.wants)
  ORDER BY 1, 2
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER apple_users_ask_for_registrations AFTER DELETE ON apple_users
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ask_for_registrations_again();

-- Another address or account: what Apple refused may work now, and who was invited may join without.
CREATE FUNCTION ask_for_changed_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT k.location_id, NEW.id, '-infinity'::timestamptz FROM apple_users k
  WHERE k.client_user_id = NEW.client_user_id::text AND k.status = 'Registered' ORDER BY 1
  ON CONFLICT DO NOTHING;
  UPDATE registrations SET due_at = '-infinity', problem_number = NULL, problem_detail = NULL, problem_at = NULL,
    final = false WHERE user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER users_ask_for_registration AFTER UPDATE OF email, managed_apple_account ON users FOR EACH ROW
  WHEN (OLD.email IS DISTINCT FROM NEW.email OR OLD.managed_apple_account IS DISTINCT FROM NEW.managed_apple_account)
  EXECUTE FUNCTION ask_for_changed_person();
