-- Devices that are reached through a NanoMDM server of the organization (D1): its queue is filled over HTTP, and what devices
-- say is told by its webhook.

ALTER TABLE commands
  -- When the command is passed on to NanoMDM; null when it has it, and for devices that we tell ourselves.
  ADD COLUMN pass_at timestamptz;
CREATE INDEX commands_pass ON commands (pass_at) WHERE pass_at IS NOT NULL AND state IN ('queued', 'sent');

ALTER TABLE enrollments
  -- By NanoMDM's clock, the newest message that changed the enrollment: older ones that come late are passed over.
  ADD COLUMN message_at timestamptz;

-- What was told already, so that it is heard once.
CREATE TABLE nanomdm_events (
  event_id text PRIMARY KEY,
  received_at timestamptz NOT NULL
);
CREATE INDEX nanomdm_events_received ON nanomdm_events (received_at);

-- How well NanoMDM can be reached.
CREATE TABLE nanomdm_server (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  problem text CHECK (problem IN ('unauthorized', 'unreachable', 'failing')),
  detail text,
  since timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- Nothing is asked of it before.
  retry_at timestamptz,
  CHECK ((problem IS NULL) = (since IS NULL) AND (problem IS NULL) = (detail IS NULL))
);
