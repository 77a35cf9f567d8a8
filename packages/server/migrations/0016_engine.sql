-- What the assignment engine works with: places in a staged rollout, looks at single devices, holders that are people.

/*
 * The place of a device in the staged rollout of an assignment, from 0 to 9999: the same as long as both exist, so who
 * is in at 10 % stays in at 25 % (A6). PostgreSQL keeps this hash between versions, since partitions by hash rest on it.
 */
CREATE FUNCTION rollout_place(device_id integer, asset_id integer, group_id integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(device_id::bigint, (asset_id::bigint << 32) + group_id::bigint)
  & 9223372036854775807) % 10000)::integer;


-- User licenses that were adopted before assignments spoke of people stay where they are.
UPDATE licenses SET keep_until = 'infinity', keep_why = 'unassigned'
WHERE holder_kind = 'user' AND ours AND state = 'held';

-- What was asked for, for those who plan.
CREATE INDEX targets_asked ON targets (location_id, asset_id) WHERE asked_at IS NOT NULL;

-- A device that was removed is named by its serial number: its license has to come back.
ALTER TABLE device_looks ADD COLUMN serial_number text;

-- What decides whether a title runs on a device (C2), worked out when the device is written and not for each plan.
ALTER TABLE devices
  ADD COLUMN os_rank bigint[] GENERATED ALWAYS AS (os_numbers(os_version)) STORED,
  ADD COLUMN handheld boolean GENERATED ALWAYS AS (coalesce(model ~* '^ *(iphone|ipod)', false)) STORED;

/* The same as `unfit_reason`, for what was worked out already. */
CREATE FUNCTION unfit_reason_of(platform text, os bigint[], handheld boolean, platforms text[], families text[], kind text,
  minimum bigint[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN kind = 'book' THEN NULL
  WHEN platform IS NOT NULL AND cardinality(platforms) > 0
    AND CASE platform WHEN 'iPadOS' THEN 'iOS' ELSE platform END <> ALL (platforms) THEN 'wrong_platform'
  WHEN handheld AND 'ipad' = ANY (families) AND NOT (families && '{iphone,ipod}'::text[]) THEN 'wrong_family'
  WHEN minimum IS NULL OR os IS NULL OR platform IS NULL THEN NULL
  WHEN CASE platform WHEN 'iPadOS' THEN 'iOS' ELSE platform END <> CASE
    WHEN cardinality(platforms) = 1 THEN platforms[1] WHEN kind = 'mac_app' THEN 'macOS' ELSE 'iOS' END THEN NULL
  WHEN os < minimum THEN 'os_too_old' END;

CREATE OR REPLACE FUNCTION unfit_reason(platform text, os_version text, model text, platforms text[], families text[],
  kind text, minimum bigint[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN unfit_reason_of(platform, os_numbers(os_version), coalesce(model ~* '^ *(iphone|ipod)', false), platforms, families,
  kind, minimum);
