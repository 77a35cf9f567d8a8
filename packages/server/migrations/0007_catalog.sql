-- The catalog: what runs where (C2), one title over all locations (C3), and what changed in the store and at Apple (C4).

-- What runs where ---------------------------------------------------------------------------------------------

-- Device families as the store names them: iphone, ipad, mac. Empty while nobody said.
ALTER TABLE titles ADD COLUMN families text[] NOT NULL DEFAULT '{}';

-- The numbers of a version such as 17.4.1, iPadOS 17.4 or 14.5 (23F79); null when it has none. The expression needs
-- neither captures nor a look ahead, which is a fourteenth of the work (100,000 devices: 0.8 s on a busy machine).
CREATE FUNCTION os_numbers(version text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN version ~ '^[A-Za-z ]*[0-9]+([.][0-9]+)*( |$)'
    AND length(split_part(ltrim(version, ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'), ' ', 1)) <= 18
  THEN string_to_array(
    split_part(ltrim(version, ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'), ' ', 1), '.')::bigint[]
END;

-- A minimum, without the zeros at its end: a shorter version counts as smaller, and 17 is not older than 17.0.
CREATE FUNCTION os_minimum(version text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN os_numbers(regexp_replace(version, '([.]0+)+( |$)', ' '));

-- Where a title runs by what the license service or the store says; empty when neither does.
CREATE FUNCTION title_platforms(supported text[], families text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
  SELECT DISTINCT p FROM unnest(supported || ARRAY(
    SELECT CASE f WHEN 'iphone' THEN 'iOS' WHEN 'ipad' THEN 'iOS' WHEN 'ipod' THEN 'iOS' WHEN 'mac' THEN 'macOS'
      WHEN 'tvos' THEN 'tvOS' WHEN 'watch' THEN 'watchOS' WHEN 'realityDevice' THEN 'visionOS' END
    FROM unnest(families) AS f)) AS p
  WHERE p IS NOT NULL ORDER BY p);

-- Why a title does not run on a device; null when it does, or may. The same decision as core/catalog/fits, for sets.
CREATE FUNCTION unfit_reason(platform text, os_version text, model text, platforms text[], families text[], kind text,
  minimum bigint[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN kind = 'book' THEN NULL
  WHEN platform IS NOT NULL AND cardinality(platforms) > 0
    AND (CASE platform WHEN 'iPadOS' THEN 'iOS' ELSE platform END) <> ALL (platforms) THEN 'wrong_platform'
  WHEN 'ipad' = ANY (families) AND NOT families && '{iphone,ipod}' AND model ~* '^ *(iphone|ipod)' THEN 'wrong_family'
  WHEN minimum IS NULL OR os_version IS NULL OR platform IS NULL THEN NULL
  WHEN (CASE platform WHEN 'iPadOS' THEN 'iOS' ELSE platform END)
    <> (CASE WHEN cardinality(platforms) = 1 THEN platforms[1] WHEN kind = 'mac_app' THEN 'macOS' ELSE 'iOS' END) THEN NULL
  WHEN os_numbers(os_version) < minimum THEN 'os_too_old'
END;

-- What changed ------------------------------------------------------------------------------------------------

-- Since when the lookup of this country gives no answer for a title, and since when that counts as not in the store.
ALTER TABLE titles ADD COLUMN absent_since timestamptz, ADD COLUMN not_in_store_since timestamptz;

-- Since when an asset that had licenses has none, and since when one that went to devices goes to users only.
ALTER TABLE assets ADD COLUMN unlicensed_since timestamptz, ADD COLUMN unassignable_since timestamptz;
UPDATE assets SET unlicensed_since = gone_at WHERE gone_at IS NOT NULL;

-- Of a title in the store of a country, or of an asset.
CREATE TABLE title_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  adam_id text NOT NULL,
  country text,
  asset_id integer REFERENCES assets ON DELETE CASCADE,
  at timestamptz NOT NULL,
  change text NOT NULL CHECK (change IN ('not_in_store', 'in_store_again', 'renamed', 'price_changed', 'not_licensed',
    'licensed_again', 'not_device_assignable', 'device_assignable_again', 'became_unlimited', 'became_limited')),
  before text,
  after text,
  CHECK ((country IS NULL) <> (asset_id IS NULL))
);
CREATE INDEX title_changes_title ON title_changes (adam_id, id DESC);
CREATE INDEX title_changes_asset ON title_changes (asset_id) WHERE asset_id IS NOT NULL;
CREATE INDEX title_changes_at ON title_changes (at);

-- A trigger, since assets are written by syncs, notifications and looks, and none of them may forget to notice.
CREATE FUNCTION notice_asset_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := coalesce(NEW.gone_at, NEW.counted_at);
  had boolean := OLD.gone_at IS NULL AND (OLD.unlimited OR OLD.total > 0);
  has boolean := NEW.gone_at IS NULL AND (NEW.unlimited OR NEW.total > 0);
  found text[] := '{}';
BEGIN
  IF had AND NOT has THEN
    NEW.unlicensed_since := at;
    found := found || 'not_licensed'::text;
  ELSIF has AND NOT had AND NEW.unlicensed_since IS NOT NULL THEN
    NEW.unlicensed_since := NULL;
    found := found || 'licensed_again'::text;
  END IF;
  IF had AND has AND OLD.unlimited <> NEW.unlimited THEN
    found := found || CASE WHEN NEW.unlimited THEN 'became_unlimited'::text ELSE 'became_limited' END;
  END IF;
  IF OLD.device_assignable AND NOT NEW.device_assignable THEN
    NEW.unassignable_since := at;
    found := found || 'not_device_assignable'::text;
  ELSIF NEW.device_assignable AND NEW.unassignable_since IS NOT NULL THEN
    NEW.unassignable_since := NULL;
    found := found || 'device_assignable_again'::text;
  END IF;
  INSERT INTO title_changes (adam_id, asset_id, at, change) SELECT NEW.adam_id, NEW.id, at, f FROM unnest(found) AS f;
  RETURN NEW;
END $$;
CREATE TRIGGER assets_notice_change BEFORE UPDATE OF total, unlimited, device_assignable, gone_at ON assets FOR EACH ROW
  WHEN ((OLD.total > 0, OLD.unlimited, OLD.device_assignable, OLD.gone_at)
    IS DISTINCT FROM (NEW.total > 0, NEW.unlimited, NEW.device_assignable, NEW.gone_at))
  EXECUTE FUNCTION notice_asset_change();

-- One title over all locations --------------------------------------------------------------------------------

-- Sums over the pools of a title, so that a list can be sorted by them without reading every pool.
CREATE TABLE title_sums (
  adam_id text PRIMARY KEY,
  name_key text NOT NULL,
  -- The country whose store names the title: that of the oldest location that owns it.
  country text NOT NULL,
  search text NOT NULL,
  kind text NOT NULL,
  platforms text[] NOT NULL,
  families text[] NOT NULL,
  pools integer NOT NULL,
  locations integer NOT NULL,
  unlimited_pools integer NOT NULL,
  total bigint NOT NULL,
  used bigint NOT NULL,
  used_unlimited bigint NOT NULL,
  available bigint NOT NULL,
  retired bigint NOT NULL,
  granting bigint NOT NULL,
  held_outside bigint NOT NULL,
  waiting bigint NOT NULL,
  short_pools integer NOT NULL,
  unused_pools integer NOT NULL,
  not_in_store_pools integer NOT NULL,
  not_licensed_pools integer NOT NULL,
  not_device_assignable_pools integer NOT NULL,
  changed_at timestamptz
);
CREATE INDEX title_sums_name ON title_sums (name_key, adam_id);
CREATE INDEX title_sums_available ON title_sums ((CASE WHEN unlimited_pools > 0 THEN 9007199254740991 ELSE available END), adam_id);
CREATE INDEX title_sums_used ON title_sums ((-(used + used_unlimited)), adam_id);
CREATE INDEX title_sums_waiting ON title_sums ((-waiting), adam_id);

-- Titles whose sums are to be worked out again. Only ever added to by those who change pools, so that nobody who gives
-- a license waits for another who gives the same title elsewhere.
CREATE TABLE title_marks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  adam_id text NOT NULL
);
CREATE INDEX title_marks_title ON title_marks (adam_id);
INSERT INTO title_marks (adam_id) SELECT DISTINCT adam_id FROM assets;

CREATE FUNCTION mark_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO title_marks (adam_id) VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.adam_id ELSE NEW.adam_id END);
  RETURN NULL;
END $$;
CREATE TRIGGER assets_mark_title AFTER INSERT OR DELETE ON assets FOR EACH ROW EXECUTE FUNCTION mark_title();
CREATE TRIGGER assets_mark_changed_title AFTER UPDATE ON assets FOR EACH ROW
  WHEN ((OLD.product_type, OLD.unlimited, OLD.total, OLD.retired, OLD.held, OLD.held_outside, OLD.reserved, OLD.waiting,
      OLD.platforms, OLD.gone_at, OLD.unlicensed_since, OLD.unassignable_since)
    IS DISTINCT FROM (NEW.product_type, NEW.unlimited, NEW.total, NEW.retired, NEW.held, NEW.held_outside, NEW.reserved,
      NEW.waiting, NEW.platforms, NEW.gone_at, NEW.unlicensed_since, NEW.unassignable_since))
  EXECUTE FUNCTION mark_title();
CREATE TRIGGER titles_mark_title AFTER INSERT OR DELETE ON titles FOR EACH ROW EXECUTE FUNCTION mark_title();
CREATE TRIGGER titles_mark_changed_title AFTER UPDATE ON titles FOR EACH ROW
  WHEN ((OLD.name, OLD.publisher, OLD.bundle_id, OLD.kind, OLD.families, OLD.not_in_store_since)
    IS DISTINCT FROM (NEW.name, NEW.publisher, NEW.bundle_id, NEW.kind, NEW.families, NEW.not_in_store_since))
  EXECUTE FUNCTION mark_title();
CREATE TRIGGER title_changes_mark_title AFTER INSERT ON title_changes FOR EACH ROW EXECUTE FUNCTION mark_title();

CREATE FUNCTION mark_titles_of_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO title_marks (adam_id) SELECT adam_id FROM assets WHERE location_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER locations_mark_titles AFTER UPDATE OF country ON locations FOR EACH ROW
  WHEN (OLD.country <> NEW.country) EXECUTE FUNCTION mark_titles_of_location();
