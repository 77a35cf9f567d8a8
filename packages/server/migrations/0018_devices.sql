-- Devices that Apportion manages itself (D1): who may enroll, by which certificate a device is known, what it was told.

-- Our own keys: the authority that issues the identities of devices, and the signer of profiles.
CREATE TABLE device_authorities (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('authority', 'profiles')),
  -- DER.
  certificate bytea NOT NULL,
  -- PKCS #8, sealed.
  private_key bytea NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  -- A newer one issues from here on; what this one issued stays good.
  replaced_at timestamptz
);
CREATE UNIQUE INDEX device_authorities_current ON device_authorities (purpose) WHERE replaced_at IS NULL;

-- Apple's certificates for waking devices (APNs).
CREATE TABLE push_certificates (
  topic text PRIMARY KEY CHECK (topic LIKE 'com.apple.mgmt.%'),
  -- PEM, the leaf first.
  certificate text NOT NULL,
  -- PKCS #8, sealed.
  private_key bytea NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  uploaded_at timestamptz NOT NULL,
  -- Apple refused it: nothing is pushed with it until it is replaced.
  refused_at timestamptz,
  refused_reason text,
  CHECK ((refused_at IS NULL) = (refused_reason IS NULL))
);

-- The key of the signing request whose certificate is not back yet.
CREATE TABLE push_signing_requests (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  private_key bytea NOT NULL,
  -- PEM.
  request text NOT NULL,
  created_at timestamptz NOT NULL
);

-- A device under management, from its first message to its last. One that enrolls again is a new row.
CREATE TABLE enrollments (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel text NOT NULL CHECK (channel IN ('mdm', 'nanomdm')),
  -- UDID, or the EnrollmentID of a User Enrollment.
  identifier text NOT NULL CHECK (identifier ~ '^[0-9A-Za-z-]{1,255}$'),
  kind text NOT NULL CHECK (kind IN ('device', 'user')),
  device_id integer REFERENCES devices ON DELETE SET NULL,
  ownership text NOT NULL CHECK (ownership IN ('personal', 'corporate')),
  state text NOT NULL CHECK (state IN ('authenticated', 'enrolled', 'left')),
  topic text,
  -- Sealed.
  push_token bytea,
  push_magic bytea,
  token_at timestamptz,
  awaiting_configuration boolean NOT NULL DEFAULT false,
  authenticated_at timestamptz NOT NULL,
  enrolled_at timestamptz,
  left_at timestamptz,
  left_cause text CHECK (left_cause ~ '^[a-z_]+$'),
  last_seen_at timestamptz NOT NULL,
  -- The moment of the next push; null when there is nothing to wake the device for.
  wake_at timestamptz,
  woken_at timestamptz,
  wake_attempts smallint NOT NULL DEFAULT 0,
  -- Apple says that the token is dead since.
  push_lost_at timestamptz,
  -- What DeviceInformation told.
  facts_asked_at timestamptz,
  store_account_active boolean,
  store_account_hash text,
  CHECK ((state = 'left') = (left_at IS NOT NULL) AND (left_at IS NULL) = (left_cause IS NULL)),
  CHECK (state <> 'enrolled' OR enrolled_at IS NOT NULL)
);
CREATE UNIQUE INDEX enrollments_active ON enrollments (channel, identifier) WHERE state <> 'left';
CREATE UNIQUE INDEX enrollments_device ON enrollments (device_id) WHERE state = 'enrolled';
CREATE INDEX enrollments_of_device ON enrollments (device_id, id);
CREATE INDEX enrollments_wake ON enrollments (wake_at) WHERE wake_at IS NOT NULL;

-- Addresses at which a device gets its enrollment profile.
CREATE TABLE enrollment_links (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  ownership text NOT NULL CHECK (ownership IN ('personal', 'corporate')),
  user_id integer REFERENCES users ON DELETE CASCADE,
  -- For this device alone; null for any.
  serial_number text,
  most_uses smallint NOT NULL CHECK (most_uses > 0),
  uses smallint NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND most_uses),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX enrollment_links_user ON enrollment_links (user_id);

-- A profile that was handed out: its challenge gets one certificate, once.
CREATE TABLE pending_enrollments (
  id uuid PRIMARY KEY,
  link_id uuid REFERENCES enrollment_links ON DELETE SET NULL,
  -- Set when a device that is enrolled gets a new certificate.
  enrollment_id integer REFERENCES enrollments ON DELETE CASCADE,
  ownership text NOT NULL CHECK (ownership IN ('personal', 'corporate')),
  user_id integer REFERENCES users ON DELETE SET NULL,
  serial_number text,
  challenge_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  issued_at timestamptz
);
CREATE INDEX pending_enrollments_link ON pending_enrollments (link_id);
CREATE INDEX pending_enrollments_enrollment ON pending_enrollments (enrollment_id);
CREATE INDEX pending_enrollments_user ON pending_enrollments (user_id);

-- The certificates that we issued to devices.
CREATE TABLE identity_certificates (
  -- Lower-case hexadecimal.
  serial_number text PRIMARY KEY CHECK (serial_number ~ '^[0-9a-f]+$'),
  -- SHA-256 of the DER.
  fingerprint bytea NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  pending_id uuid NOT NULL UNIQUE REFERENCES pending_enrollments ON DELETE CASCADE,
  enrollment_id integer REFERENCES enrollments ON DELETE CASCADE,
  state text NOT NULL CHECK (state IN ('issued', 'pinned', 'superseded', 'revoked')),
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  issued_at timestamptz NOT NULL,
  CHECK (state NOT IN ('pinned', 'superseded') OR enrollment_id IS NOT NULL)
);
CREATE UNIQUE INDEX identity_certificates_pinned ON identity_certificates (enrollment_id) WHERE state = 'pinned';
CREATE INDEX identity_certificates_enrollment ON identity_certificates (enrollment_id);

-- What a device is told, in the order in which it is told.
CREATE TABLE commands (
  enrollment_id integer NOT NULL REFERENCES enrollments ON DELETE CASCADE,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  request_type text NOT NULL,
  -- Which part of the server asked, and about what: it hears the answer.
  purpose text NOT NULL CHECK (purpose ~ '^[a-z_]+$'),
  subject jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(subject) = 'object'),
  -- The property list as it is sent, until it was answered.
  payload text,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'not_now', 'done', 'failed', 'malformed', 'void')),
  queued_at timestamptz NOT NULL,
  sent_at timestamptz,
  deliveries smallint NOT NULL DEFAULT 0,
  answered_at timestamptz,
  -- Apple's error chain, as the device told it.
  errors jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(errors) = 'array'),
  PRIMARY KEY (enrollment_id, id),
  CHECK ((payload IS NOT NULL) = (state IN ('queued', 'sent', 'not_now')))
);
CREATE INDEX commands_open ON commands (enrollment_id, seq) WHERE state IN ('queued', 'sent', 'not_now');
