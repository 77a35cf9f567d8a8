-- Devices invite their people to Apps and Books (U1), and since when a person has joined.

ALTER TABLE apple_users ADD COLUMN joined_at timestamptz;
UPDATE apple_users SET joined_at = seen_at WHERE status = 'Associated';

-- Whom Apple waits for to join: when to look whether a device is to ask the person, and what became of it the last time.
CREATE TABLE device_invitations (
  location_id integer NOT NULL REFERENCES locations ON DELETE CASCADE,
  user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
  -- When it is to be looked at; null: there is nobody to invite.
  due_at timestamptz,
  -- The device that was asked last, and by which command. The address is in the command alone, until it was answered.
  enrollment_id integer REFERENCES enrollments ON DELETE SET NULL,
  command_id uuid,
  asked_at timestamptz,
  answered_at timestamptz,
  -- Apple's InvitationResult, as the device said it; null when it said none.
  result text CHECK (result <> '' AND length(result) <= 100),
  errors jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(errors) = 'array'),
  PRIMARY KEY (location_id, user_id),
  CHECK ((asked_at IS NULL) = (command_id IS NULL)),
  CHECK (answered_at IS NULL OR asked_at IS NOT NULL)
);
CREATE INDEX device_invitations_due ON device_invitations (location_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX device_invitations_user ON device_invitations (user_id);
CREATE INDEX device_invitations_enrollment ON device_invitations (enrollment_id) WHERE enrollment_id IS NOT NULL;

-- Who was invited before.
INSERT INTO device_invitations (location_id, user_id, due_at)
SELECT k.location_id, u.id, now() FROM apple_users k JOIN users u ON u.client_user_id::text = k.client_user_id
WHERE k.status = 'Registered' AND k.invitation_sealed IS NOT NULL;
