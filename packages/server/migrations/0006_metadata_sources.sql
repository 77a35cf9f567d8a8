-- Where Apple told of a title; null for titles that were read before this was kept, or never found (C1).
ALTER TABLE titles ADD COLUMN source text
  CHECK (source IN ('organization-api', 'content-lookup', 'public-lookup'));
