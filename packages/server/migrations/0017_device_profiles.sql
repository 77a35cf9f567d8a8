-- What assignments decide by, of a device: devices of the same profile are decided alike, and there are few profiles
-- however many devices there are. So a plan decides for each profile, and only counts devices.
ALTER TABLE devices ADD COLUMN profile bigint NOT NULL GENERATED ALWAYS AS (hashtextextended(
  coalesce(platform, '') || chr(31) || coalesce(os_version, '') || chr(31)
  || CASE WHEN model ~* '^ *(iphone|ipod)' THEN 'h' ELSE '' END || chr(31) || enrollment_type || chr(31)
  || CASE WHEN kiosk THEN 'k' ELSE '' END || chr(31) || ownership || chr(31)
  || CASE WHEN supervised THEN 's' ELSE '' END || chr(31) || CASE WHEN user_id IS NULL THEN '' ELSE 'u' END, 0)) STORED;
CREATE INDEX devices_profile ON devices (profile);
