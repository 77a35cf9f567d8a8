-- Declarative management (D6): apps that a declaration brings, and what devices report by themselves.

-- What is declared of the app; null when it comes by a command.
ALTER TABLE installs ADD COLUMN declared jsonb CHECK (jsonb_typeof(declared) = 'object');

ALTER TABLE enrollments
  -- Since when the device holds declarations, as far as it was told to.
  ADD COLUMN declarations_asked_at timestamptz,
  -- It does not do that: its apps come by commands.
  ADD COLUMN declarations_refused_at timestamptz;

-- The lists that a device reports, line by line, as they stand after its last report.
CREATE TABLE device_statuses (
  enrollment_id integer NOT NULL REFERENCES enrollments ON DELETE CASCADE,
  list text NOT NULL,
  identifier text NOT NULL,
  value jsonb NOT NULL CHECK (jsonb_typeof(value) = 'object'),
  at timestamptz NOT NULL,
  PRIMARY KEY (enrollment_id, list, identifier)
);
