-- Records of what administrators did by hand, and the ledger, outlive the content token whose location they are about.

ALTER TABLE intervention_assets DROP CONSTRAINT intervention_assets_asset_id_fkey;
ALTER TABLE intervention_items DROP CONSTRAINT intervention_items_asset_id_fkey;
ALTER TABLE former_locations ADD COLUMN country text NOT NULL DEFAULT '';

-- What an asset is called by, those of deleted tokens too.
CREATE VIEW known_assets AS
  SELECT a.id AS asset_id, a.location_id, a.adam_id, l.name AS location_name, l.country
  FROM assets a JOIN locations l ON l.id = a.location_id
  UNION ALL
  SELECT f.asset_id, f.location_id, f.adam_id, coalesce(l.name, o.name), coalesce(l.country, o.country)
  FROM former_assets f LEFT JOIN locations l ON l.id = f.location_id LEFT JOIN former_locations o ON o.id = f.location_id
  WHERE NOT EXISTS (SELECT FROM assets a WHERE a.id = f.asset_id);
