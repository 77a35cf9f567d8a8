-- The directory: groups by rule, and a pipeline that devices to look at wake.

/* Wakes the pipeline as a signal does; what is to be done follows from the rows. */
CREATE FUNCTION notify_device_looks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox', 'device.look_again') WHERE EXISTS (SELECT FROM inserted);
  RETURN NULL;
END $$;
CREATE TRIGGER device_looks_notify AFTER INSERT ON device_looks REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION notify_device_looks();

-- Groups by rule are few; each change of a device asks for all of them.
CREATE INDEX groups_by_rule ON groups (id) WHERE rule IS NOT NULL;

ALTER TABLE devices ADD CHECK (array_position(tags, NULL) IS NULL);
