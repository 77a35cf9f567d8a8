-- A device that left management gets nothing any more, and what it had comes back by the policies (L7, D3). Devices that
-- were never under our management are not concerned: another system installs there.

ALTER TABLE devices ADD COLUMN management_ended_at timestamptz;

DROP INDEX devices_profile;
ALTER TABLE devices DROP COLUMN profile;
ALTER TABLE devices ADD COLUMN profile bigint NOT NULL GENERATED ALWAYS AS (hashtextextended(
  coalesce(platform, '') || chr(31) || coalesce(os_version, '') || chr(31)
  || CASE WHEN model ~* '^ *(iphone|ipod)' THEN 'h' ELSE '' END || chr(31) || enrollment_type || chr(31)
  || CASE WHEN kiosk THEN 'k' ELSE '' END || chr(31) || ownership || chr(31)
  || CASE WHEN supervised THEN 's' ELSE '' END || chr(31) || CASE WHEN user_id IS NULL THEN '' ELSE 'u' END || chr(31)
  || CASE WHEN management_ended_at IS NULL THEN '' ELSE 'e' END, 0)) STORED;
CREATE INDEX devices_profile ON devices (profile);
