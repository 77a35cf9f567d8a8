-- Assets go only when a content token is deleted, which deletes their targets first. The reference made each deleted
-- asset look for targets without an index to look in.
ALTER TABLE targets DROP CONSTRAINT targets_asset_id_fkey;
