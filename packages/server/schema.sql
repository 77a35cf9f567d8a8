-- The schema after all migrations. Made by `npm run build:schema`; change it with a migration.

create type holder_kind as enum ('device', 'user');

create type license_state as enum ('granting', 'held', 'releasing');

CREATE OR REPLACE FUNCTION public.add_group_to_closure()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO group_closure (group_id, member_group_id) VALUES (NEW.id, NEW.id);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.ask_for_changed_person()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT k.location_id, NEW.id, '-infinity'::timestamptz FROM apple_users k
  WHERE k.client_user_id = NEW.client_user_id::text AND k.status = 'Registered' ORDER BY 1
  ON CONFLICT DO NOTHING;
  UPDATE registrations SET due_at = '-infinity', problem_number = NULL, problem_detail = NULL, problem_at = NULL,
    final = false WHERE user_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.ask_for_registration()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT NEW.location_id, NEW.user_id, '-infinity'::timestamptz FROM users u
  WHERE u.id = NEW.user_id AND NOT EXISTS (SELECT 1 FROM apple_users k
    WHERE k.location_id = NEW.location_id AND k.client_user_id = u.client_user_id::text)
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.ask_for_registrations()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT DISTINCT i.location_id, i.user_id, '-infinity'::timestamptz
  FROM inserted i JOIN users u ON u.id = i.user_id JOIN locations l ON l.id = i.location_id
  WHERE i.wants AND NOT EXISTS (SELECT 1 FROM apple_users k
    WHERE k.location_id = i.location_id AND k.client_user_id = u.client_user_id::text)
  ORDER BY 1, 2
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.ask_for_registrations_again()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO registrations (location_id, user_id, due_at)
  SELECT g.location_id, u.id, '-infinity'::timestamptz
  FROM gone g JOIN users u ON u.client_user_id::text = g.client_user_id JOIN locations l ON l.id = g.location_id
  WHERE EXISTS (SELECT 1 FROM targets t WHERE t.user_id = u.id AND t.location_id = g.location_id AND t.wants)
  ORDER BY 1, 2
  ON CONFLICT (location_id, user_id) DO UPDATE SET due_at = excluded.due_at WHERE registrations.due_at IS NULL;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.count_ledger_by_day()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO license_days AS d (location_id, asset_id, day, granted, released)
  SELECT w.location_id, w.asset_id, (w.at AT TIME ZONE 'UTC')::date,
    count(*) FILTER (WHERE w.change IN ('granted', 'found')), count(*) FILTER (WHERE w.change IN ('released', 'vanished'))
  FROM written w JOIN locations l ON l.id = w.location_id
  WHERE w.change IN ('granted', 'found', 'released', 'vanished') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (location_id, asset_id, day)
    DO UPDATE SET granted = d.granted + excluded.granted, released = d.released + excluded.released;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.enrolment_kind(enrollment_type text, kiosk boolean, ownership text, supervised boolean)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (enrollment_type = 'user'::text) THEN 'user_enrolment'::text WHEN (enrollment_type = 'shared'::text) THEN 'shared_ipad'::text WHEN kiosk THEN 'kiosk'::text WHEN (ownership = 'personal'::text) THEN 'byod'::text WHEN supervised THEN 'corporate_supervised'::text ELSE 'corporate_unsupervised'::text END;

CREATE OR REPLACE FUNCTION public.mark_title()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO title_marks (adam_id) VALUES (CASE WHEN TG_OP = 'DELETE' THEN OLD.adam_id ELSE NEW.adam_id END);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.mark_titles_of_location()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO title_marks (adam_id) SELECT adam_id FROM assets WHERE location_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.notice_asset_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.notify_device_looks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM pg_notify('outbox', 'device.look_again') WHERE EXISTS (SELECT FROM inserted);
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.notify_outbox()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('outbox', topics.topic) from (select distinct topic from inserted) as topics;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.os_minimum(version text)
 RETURNS bigint[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN os_numbers(regexp_replace(version, '([.]0+)+( |$)'::text, ' '::text));

CREATE OR REPLACE FUNCTION public.os_numbers(version text)
 RETURNS bigint[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((version ~ '^[A-Za-z ]*[0-9]+([.][0-9]+)*( |$)'::text) AND (length(split_part(ltrim(version, ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'::text), ' '::text, 1)) <= 18)) THEN (string_to_array(split_part(ltrim(version, ' abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'::text), ' '::text, 1), '.'::text))::bigint[] ELSE NULL::bigint[] END;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'table % is append-only: % refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_over_reservation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NEW.reserved > OLD.reserved AND NOT NEW.unlimited AND NEW.held + NEW.reserved + NEW.retired > NEW.total THEN
    RAISE EXCEPTION 'never over: asset % would have % held + % reserved + % retired of % licenses',
      NEW.id, NEW.held, NEW.reserved, NEW.retired, NEW.total USING ERRCODE = 'check_violation', CONSTRAINT = 'assets_never_over';
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.rollout_place(device_id integer, asset_id integer, group_id integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((hashint8extended((device_id)::bigint, (((asset_id)::bigint << 32) + (group_id)::bigint)) & '9223372036854775807'::bigint) % (10000)::bigint))::integer;

CREATE OR REPLACE FUNCTION public.title_platforms(supported text[], families text[])
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT p.p FROM unnest((title_platforms.supported || ARRAY(SELECT CASE f.f WHEN 'iphone'::text THEN 'iOS'::text WHEN 'ipad'::text THEN 'iOS'::text WHEN 'ipod'::text THEN 'iOS'::text WHEN 'mac'::text THEN 'macOS'::text WHEN 'tvos'::text THEN 'tvOS'::text WHEN 'watch'::text THEN 'watchOS'::text WHEN 'realityDevice'::text THEN 'visionOS'::text ELSE NULL::text END AS "case" FROM unnest(title_platforms.families) f(f)))) p(p) WHERE (p.p IS NOT NULL) ORDER BY p.p);

CREATE OR REPLACE FUNCTION public.unfit_reason(platform text, os_version text, model text, platforms text[], families text[], kind text, minimum bigint[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN unfit_reason_of(platform, os_numbers(os_version), COALESCE((model ~* '^ *(iphone|ipod)'::text), false), platforms, families, kind, minimum);

CREATE OR REPLACE FUNCTION public.unfit_reason_of(platform text, os bigint[], handheld boolean, platforms text[], families text[], kind text, minimum bigint[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (kind = 'book'::text) THEN NULL::text WHEN ((platform IS NOT NULL) AND (cardinality(platforms) > 0) AND (CASE platform WHEN 'iPadOS'::text THEN 'iOS'::text ELSE platform END <> ALL (platforms))) THEN 'wrong_platform'::text WHEN (handheld AND ('ipad'::text = ANY (families)) AND (NOT (families && '{iphone,ipod}'::text[]))) THEN 'wrong_family'::text WHEN ((minimum IS NULL) OR (os IS NULL) OR (platform IS NULL)) THEN NULL::text WHEN (CASE platform WHEN 'iPadOS'::text THEN 'iOS'::text ELSE platform END <> CASE WHEN (cardinality(platforms) = 1) THEN (platforms)[1] WHEN (kind = 'mac_app'::text) THEN 'macOS'::text ELSE 'iOS'::text END) THEN NULL::text WHEN (os < minimum) THEN 'os_too_old'::text ELSE NULL::text END;

create table administrators (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text,
  language text not null default 'en'::text,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  constraint administrators_pkey PRIMARY KEY (id),
  constraint administrators_email_check CHECK (((email = btrim(email)) AND (email ~ '^[^@\s]+@[^@\s]+$'::text) AND (length(email) <= 254))),
  constraint administrators_language_check CHECK ((language = ANY (ARRAY['en'::text, 'nl'::text]))),
  constraint administrators_name_check CHECK (((name = btrim(name)) AND ((length(name) >= 1) AND (length(name) <= 200)))),
  constraint administrators_password_hash_check CHECK ((password_hash ~~ '$%'::text))
);
CREATE UNIQUE INDEX administrators_email ON public.administrators USING btree (lower(email));

create table api_keys (
  id uuid not null,
  name text not null,
  key_hash bytea not null,
  administrator_id uuid not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id) ON DELETE CASCADE,
  constraint api_keys_check CHECK ((expires_at > created_at)),
  constraint api_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
  constraint api_keys_name_check CHECK (((name = btrim(name)) AND ((length(name) >= 1) AND (length(name) <= 200))))
);
CREATE INDEX api_keys_administrator ON public.api_keys USING btree (administrator_id);

create table apple_users (
  location_id integer not null,
  client_user_id text not null,
  status text not null,
  email text,
  id_hash text,
  seen_at timestamp with time zone not null,
  invitation_sealed bytea,
  registered_at timestamp with time zone not null,
  joined_at timestamp with time zone,
  constraint apple_users_pkey PRIMARY KEY (location_id, client_user_id),
  constraint apple_users_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE
);
CREATE INDEX apple_users_email ON public.apple_users USING btree (lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX apple_users_person ON public.apple_users USING btree (client_user_id);
CREATE TRIGGER apple_users_ask_for_registrations AFTER DELETE ON public.apple_users REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ask_for_registrations_again();

create table assets (
  id integer not null generated always as identity,
  location_id integer not null,
  adam_id text not null,
  pricing_param text not null,
  product_type text not null,
  unlimited boolean not null default false,
  total integer not null,
  assigned integer not null,
  available integer not null,
  retired integer not null,
  device_assignable boolean not null,
  revocable boolean not null,
  platforms text[] not null default '{}'::text[],
  counted_at timestamp with time zone not null,
  held integer not null default 0,
  held_outside integer not null default 0,
  reserved integer not null default 0,
  waiting integer not null default 0,
  short_until timestamp with time zone,
  first_seen_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  doubt text,
  doubted_at timestamp with time zone,
  count_gap integer not null default 0,
  unlicensed_since timestamp with time zone,
  unassignable_since timestamp with time zone,
  constraint assets_pkey PRIMARY KEY (id),
  constraint assets_location_id_adam_id_pricing_param_key UNIQUE (location_id, adam_id, pricing_param),
  constraint assets_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint assets_adam_id_check CHECK ((adam_id <> ''::text)),
  constraint assets_assigned_check CHECK ((assigned >= 0)),
  constraint assets_check CHECK (((doubt IS NULL) = (doubted_at IS NULL))),
  constraint assets_doubt_check CHECK ((doubt = ANY (ARRAY['sync'::text, 'now'::text]))),
  constraint assets_held_check CHECK ((held >= 0)),
  constraint assets_held_outside_check CHECK ((held_outside >= 0)),
  constraint assets_reserved_check CHECK ((reserved >= 0)),
  constraint assets_retired_check CHECK ((retired >= 0)),
  constraint assets_total_check CHECK ((total >= 0)),
  constraint assets_waiting_check CHECK ((waiting >= 0))
);
CREATE INDEX assets_adam_id ON public.assets USING btree (adam_id);
CREATE INDEX assets_doubted ON public.assets USING btree (location_id) WHERE (doubt IS NOT NULL);
CREATE INDEX assets_short ON public.assets USING btree (short_until, location_id) WHERE (short_until IS NOT NULL);
CREATE TRIGGER assets_mark_changed_title AFTER UPDATE ON public.assets FOR EACH ROW WHEN (((((((((((((old.product_type IS DISTINCT FROM new.product_type) OR (old.unlimited IS DISTINCT FROM new.unlimited)) OR (old.total IS DISTINCT FROM new.total)) OR (old.retired IS DISTINCT FROM new.retired)) OR (old.held IS DISTINCT FROM new.held)) OR (old.held_outside IS DISTINCT FROM new.held_outside)) OR (old.reserved IS DISTINCT FROM new.reserved)) OR (old.waiting IS DISTINCT FROM new.waiting)) OR (old.platforms IS DISTINCT FROM new.platforms)) OR (old.gone_at IS DISTINCT FROM new.gone_at)) OR (old.unlicensed_since IS DISTINCT FROM new.unlicensed_since)) OR (old.unassignable_since IS DISTINCT FROM new.unassignable_since))) EXECUTE FUNCTION mark_title();
CREATE TRIGGER assets_mark_title AFTER INSERT OR DELETE ON public.assets FOR EACH ROW EXECUTE FUNCTION mark_title();
CREATE TRIGGER assets_never_over BEFORE UPDATE OF reserved ON public.assets FOR EACH ROW EXECUTE FUNCTION refuse_over_reservation();
CREATE TRIGGER assets_notice_change BEFORE UPDATE OF total, unlimited, device_assignable, gone_at ON public.assets FOR EACH ROW WHEN ((((((old.total > 0) IS DISTINCT FROM (new.total > 0)) OR (old.unlimited IS DISTINCT FROM new.unlimited)) OR (old.device_assignable IS DISTINCT FROM new.device_assignable)) OR (old.gone_at IS DISTINCT FROM new.gone_at))) EXECUTE FUNCTION notice_asset_change();

create table assignments (
  id integer not null generated always as identity,
  asset_id integer not null,
  group_id integer not null,
  mode text not null,
  intent text,
  license_type text not null default 'device'::text,
  created_at timestamp with time zone not null,
  created_by text not null,
  priority smallint not null default 0,
  reserve integer,
  quota integer,
  pools text not null default 'own'::text,
  settings jsonb not null default '{}'::jsonb,
  reclaim jsonb not null default '{}'::jsonb,
  rollout_percent smallint not null default 100,
  rollout_waves jsonb not null default '[]'::jsonb,
  rollout_stop_at smallint,
  rollout_next_at timestamp with time zone,
  rollout_stopped_at timestamp with time zone,
  rollout_stopped_why text,
  constraint assignments_pkey PRIMARY KEY (id),
  constraint assignments_asset_id_group_id_key UNIQUE (asset_id, group_id),
  constraint assignments_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint assignments_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE RESTRICT,
  constraint assignments_check CHECK (((mode = 'include'::text) = (intent IS NOT NULL))),
  constraint assignments_check1 CHECK (((reserve IS NULL) OR (quota IS NULL) OR (reserve <= quota))),
  constraint assignments_check2 CHECK (((rollout_stopped_at IS NULL) = (rollout_stopped_why IS NULL))),
  constraint assignments_intent_check CHECK ((intent = ANY (ARRAY['required'::text, 'available'::text, 'uninstall'::text]))),
  constraint assignments_license_type_check CHECK ((license_type = ANY (ARRAY['device'::text, 'user'::text]))),
  constraint assignments_mode_check CHECK ((mode = ANY (ARRAY['include'::text, 'exclude'::text]))),
  constraint assignments_pools_check CHECK ((pools = ANY (ARRAY['own'::text, 'country'::text, 'most_free'::text]))),
  constraint assignments_priority_check CHECK (((priority >= 0) AND (priority <= 100))),
  constraint assignments_quota_check CHECK ((quota >= 0)),
  constraint assignments_reclaim_check CHECK ((jsonb_typeof(reclaim) = 'object'::text)),
  constraint assignments_reserve_check CHECK ((reserve > 0)),
  constraint assignments_rollout_percent_check CHECK (((rollout_percent >= 0) AND (rollout_percent <= 100))),
  constraint assignments_rollout_stop_at_check CHECK (((rollout_stop_at >= 1) AND (rollout_stop_at <= 100))),
  constraint assignments_rollout_waves_check CHECK ((jsonb_typeof(rollout_waves) = 'array'::text)),
  constraint assignments_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
);
CREATE INDEX assignments_group ON public.assignments USING btree (group_id);
CREATE INDEX assignments_rollout ON public.assignments USING btree (rollout_next_at) WHERE (rollout_next_at IS NOT NULL);

create table audit_entries (
  seq bigint not null generated always as identity,
  at timestamp with time zone not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text,
  subject_name text,
  details jsonb not null default '{}'::jsonb,
  previous_hash bytea not null,
  hash bytea not null,
  constraint audit_entries_pkey PRIMARY KEY (seq),
  constraint audit_entries_hash_key UNIQUE (hash),
  constraint audit_entries_previous_hash_key UNIQUE (previous_hash),
  constraint audit_entries_action_check CHECK ((action ~ '^[a-z_]+(\.[a-z_]+)+$'::text)),
  constraint audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['administrator'::text, 'api_key'::text, 'system'::text, 'command_line'::text]))),
  constraint audit_entries_actor_name_check CHECK ((actor_name <> ''::text)),
  constraint audit_entries_check CHECK (((actor_kind = 'system'::text) OR (actor_kind = 'command_line'::text) OR (actor_id IS NOT NULL))),
  constraint audit_entries_details_check CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint audit_entries_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_entries_previous_hash_check CHECK ((octet_length(previous_hash) = 32)),
  constraint audit_entries_subject_kind_check CHECK ((subject_kind ~ '^[a-z_]+$'::text))
);
CREATE INDEX audit_entries_subject ON public.audit_entries USING btree (subject_kind, subject_id, seq);
CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table commands (
  enrollment_id integer not null,
  id uuid not null,
  seq bigint not null generated always as identity,
  request_type text not null,
  purpose text not null,
  subject jsonb not null default '{}'::jsonb,
  payload text,
  state text not null,
  queued_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  deliveries smallint not null default 0,
  answered_at timestamp with time zone,
  errors jsonb not null default '[]'::jsonb,
  pass_at timestamp with time zone,
  constraint commands_pkey PRIMARY KEY (enrollment_id, id),
  constraint commands_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE,
  constraint commands_check CHECK (((payload IS NOT NULL) = (state = ANY (ARRAY['queued'::text, 'sent'::text, 'not_now'::text])))),
  constraint commands_errors_check CHECK ((jsonb_typeof(errors) = 'array'::text)),
  constraint commands_purpose_check CHECK ((purpose ~ '^[a-z_]+$'::text)),
  constraint commands_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'not_now'::text, 'done'::text, 'failed'::text, 'malformed'::text, 'void'::text]))),
  constraint commands_subject_check CHECK ((jsonb_typeof(subject) = 'object'::text))
);
CREATE INDEX commands_open ON public.commands USING btree (enrollment_id, seq) WHERE (state = ANY (ARRAY['queued'::text, 'sent'::text, 'not_now'::text]));
CREATE INDEX commands_pass ON public.commands USING btree (pass_at) WHERE ((pass_at IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'sent'::text])));

create table delivery_looks (
  location_id integer not null,
  asset_id integer not null,
  device_id integer not null,
  constraint delivery_looks_pkey PRIMARY KEY (location_id, asset_id, device_id),
  constraint delivery_looks_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint delivery_looks_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE,
  constraint delivery_looks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE
);
CREATE INDEX delivery_looks_asset ON public.delivery_looks USING btree (asset_id);
CREATE INDEX delivery_looks_device ON public.delivery_looks USING btree (device_id);

create table device_authorities (
  id integer not null generated always as identity,
  purpose text not null,
  certificate bytea not null,
  private_key bytea not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  replaced_at timestamp with time zone,
  constraint device_authorities_pkey PRIMARY KEY (id),
  constraint device_authorities_purpose_check CHECK ((purpose = ANY (ARRAY['authority'::text, 'profiles'::text])))
);
CREATE UNIQUE INDEX device_authorities_current ON public.device_authorities USING btree (purpose) WHERE (replaced_at IS NULL);

create table device_invitations (
  location_id integer not null,
  user_id integer not null,
  due_at timestamp with time zone,
  enrollment_id integer,
  command_id uuid,
  asked_at timestamp with time zone,
  answered_at timestamp with time zone,
  result text,
  errors jsonb not null default '[]'::jsonb,
  constraint device_invitations_pkey PRIMARY KEY (location_id, user_id),
  constraint device_invitations_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE SET NULL,
  constraint device_invitations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint device_invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint device_invitations_check CHECK (((asked_at IS NULL) = (command_id IS NULL))),
  constraint device_invitations_check1 CHECK (((answered_at IS NULL) OR (asked_at IS NOT NULL))),
  constraint device_invitations_errors_check CHECK ((jsonb_typeof(errors) = 'array'::text)),
  constraint device_invitations_result_check CHECK (((result <> ''::text) AND (length(result) <= 100)))
);
CREATE INDEX device_invitations_due ON public.device_invitations USING btree (location_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX device_invitations_enrollment ON public.device_invitations USING btree (enrollment_id) WHERE (enrollment_id IS NOT NULL);
CREATE INDEX device_invitations_user ON public.device_invitations USING btree (user_id);

create table device_looks (
  location_id integer not null,
  asset_id integer not null,
  device_id integer not null,
  serial_number text,
  constraint device_looks_pkey PRIMARY KEY (location_id, asset_id, device_id),
  constraint device_looks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE
);
CREATE TRIGGER device_looks_notify AFTER INSERT ON public.device_looks REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION notify_device_looks();

create table device_statuses (
  enrollment_id integer not null,
  list text not null,
  identifier text not null,
  value jsonb not null,
  at timestamp with time zone not null,
  constraint device_statuses_pkey PRIMARY KEY (enrollment_id, list, identifier),
  constraint device_statuses_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE,
  constraint device_statuses_value_check CHECK ((jsonb_typeof(value) = 'object'::text))
);

create table devices (
  id integer not null generated always as identity,
  serial_number text not null,
  name text not null default ''::text,
  model text,
  platform text,
  os_version text,
  ownership text not null default 'corporate'::text,
  supervised boolean not null default false,
  user_id integer,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  kiosk boolean not null default false,
  enrollment_type text not null default 'device'::text,
  country text,
  site text,
  tags text[] not null default '{}'::text[],
  last_seen_at timestamp with time zone,
  os_rank bigint[] generated always as (os_numbers(os_version)) stored,
  handheld boolean generated always as (COALESCE((model ~* '^ *(iphone|ipod)'::text), false)) stored,
  management_ended_at timestamp with time zone,
  profile bigint not null generated always as (hashtextextended(((((((((((((((((COALESCE(platform, ''::text) || chr(31)) || COALESCE(os_version, ''::text)) || chr(31)) ||
CASE
    WHEN (model ~* '^ *(iphone|ipod)'::text) THEN 'h'::text
    ELSE ''::text
END) || chr(31)) || enrollment_type) || chr(31)) ||
CASE
    WHEN kiosk THEN 'k'::text
    ELSE ''::text
END) || chr(31)) || ownership) || chr(31)) ||
CASE
    WHEN supervised THEN 's'::text
    ELSE ''::text
END) || chr(31)) ||
CASE
    WHEN (user_id IS NULL) THEN ''::text
    ELSE 'u'::text
END) || chr(31)) ||
CASE
    WHEN (management_ended_at IS NULL) THEN ''::text
    ELSE 'e'::text
END), (0)::bigint)) stored,
  constraint devices_pkey PRIMARY KEY (id),
  constraint devices_serial_number_key UNIQUE (serial_number),
  constraint devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL,
  constraint devices_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint devices_enrollment_type_check CHECK ((enrollment_type = ANY (ARRAY['device'::text, 'user'::text, 'shared'::text]))),
  constraint devices_ownership_check CHECK ((ownership = ANY (ARRAY['corporate'::text, 'personal'::text]))),
  constraint devices_platform_check CHECK ((platform = ANY (ARRAY['iOS'::text, 'iPadOS'::text, 'macOS'::text, 'tvOS'::text, 'visionOS'::text, 'watchOS'::text]))),
  constraint devices_serial_number_check CHECK ((serial_number ~ '^[A-Z0-9-]{4,32}$'::text)),
  constraint devices_site_check CHECK (((site <> ''::text) AND (length(site) <= 200))),
  constraint devices_tags_check CHECK ((cardinality(tags) <= 50)),
  constraint devices_tags_check1 CHECK ((array_position(tags, NULL::text) IS NULL))
);
CREATE INDEX devices_last_seen ON public.devices USING btree (last_seen_at) WHERE (last_seen_at IS NOT NULL);
CREATE INDEX devices_name ON public.devices USING btree (lower(name) text_pattern_ops, id);
CREATE INDEX devices_profile ON public.devices USING btree (profile);
CREATE INDEX devices_serial_prefix ON public.devices USING btree (serial_number text_pattern_ops);
CREATE INDEX devices_user ON public.devices USING btree (user_id) WHERE (user_id IS NOT NULL);

create table enrollment_links (
  id uuid not null,
  token_hash bytea not null,
  ownership text not null,
  user_id integer,
  serial_number text,
  most_uses smallint not null,
  uses smallint not null default 0,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint enrollment_links_pkey PRIMARY KEY (id),
  constraint enrollment_links_token_hash_key UNIQUE (token_hash),
  constraint enrollment_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint enrollment_links_check CHECK (((uses >= 0) AND (uses <= most_uses))),
  constraint enrollment_links_most_uses_check CHECK ((most_uses > 0)),
  constraint enrollment_links_ownership_check CHECK ((ownership = ANY (ARRAY['personal'::text, 'corporate'::text])))
);
CREATE INDEX enrollment_links_user ON public.enrollment_links USING btree (user_id);

create table enrollments (
  id integer not null generated always as identity,
  channel text not null,
  identifier text not null,
  kind text not null,
  device_id integer,
  ownership text not null,
  state text not null,
  topic text,
  push_token bytea,
  push_magic bytea,
  token_at timestamp with time zone,
  awaiting_configuration boolean not null default false,
  authenticated_at timestamp with time zone not null,
  enrolled_at timestamp with time zone,
  left_at timestamp with time zone,
  left_cause text,
  last_seen_at timestamp with time zone not null,
  wake_at timestamp with time zone,
  woken_at timestamp with time zone,
  wake_attempts smallint not null default 0,
  push_lost_at timestamp with time zone,
  facts_asked_at timestamp with time zone,
  store_account_active boolean,
  store_account_hash text,
  declarations_asked_at timestamp with time zone,
  declarations_refused_at timestamp with time zone,
  message_at timestamp with time zone,
  time_zone text,
  constraint enrollments_pkey PRIMARY KEY (id),
  constraint enrollments_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE SET NULL,
  constraint enrollments_channel_check CHECK ((channel = ANY (ARRAY['mdm'::text, 'nanomdm'::text]))),
  constraint enrollments_check CHECK ((((state = 'left'::text) = (left_at IS NOT NULL)) AND ((left_at IS NULL) = (left_cause IS NULL)))),
  constraint enrollments_check1 CHECK (((state <> 'enrolled'::text) OR (enrolled_at IS NOT NULL))),
  constraint enrollments_identifier_check CHECK ((identifier ~ '^[0-9A-Za-z-]{1,255}$'::text)),
  constraint enrollments_kind_check CHECK ((kind = ANY (ARRAY['device'::text, 'user'::text]))),
  constraint enrollments_left_cause_check CHECK ((left_cause ~ '^[a-z_]+$'::text)),
  constraint enrollments_ownership_check CHECK ((ownership = ANY (ARRAY['personal'::text, 'corporate'::text]))),
  constraint enrollments_state_check CHECK ((state = ANY (ARRAY['authenticated'::text, 'enrolled'::text, 'left'::text])))
);
CREATE UNIQUE INDEX enrollments_active ON public.enrollments USING btree (channel, identifier) WHERE (state <> 'left'::text);
CREATE INDEX enrollments_authenticated ON public.enrollments USING btree (id) WHERE (state = 'authenticated'::text);
CREATE UNIQUE INDEX enrollments_device ON public.enrollments USING btree (device_id) WHERE (state = 'enrolled'::text);
CREATE INDEX enrollments_enrolled ON public.enrollments USING btree (id) WHERE (state = 'enrolled'::text);
CREATE INDEX enrollments_left ON public.enrollments USING btree (id) WHERE (state = 'left'::text);
CREATE INDEX enrollments_of_device ON public.enrollments USING btree (device_id, id);
CREATE INDEX enrollments_wake ON public.enrollments USING btree (wake_at) WHERE (wake_at IS NOT NULL);

create table forecast_needs (
  asset_id integer not null,
  horizon smallint not null,
  location_id integer not null,
  expected integer not null,
  cautious integer,
  constraint forecast_needs_pkey PRIMARY KEY (asset_id, horizon),
  constraint forecast_needs_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES forecasts(asset_id) ON DELETE CASCADE,
  constraint forecast_needs_cautious_check CHECK ((cautious >= 0)),
  constraint forecast_needs_expected_check CHECK ((expected >= 0))
);
CREATE INDEX forecast_needs_cautious ON public.forecast_needs USING btree (horizon, location_id, ((- COALESCE(cautious, expected))), asset_id) WHERE (COALESCE(cautious, expected) > 0);
CREATE INDEX forecast_needs_expected ON public.forecast_needs USING btree (horizon, location_id, ((- expected)), asset_id) WHERE (expected > 0);

create table forecasts (
  asset_id integer not null,
  location_id integer not null,
  as_of timestamp with time zone not null,
  state text not null,
  free integer not null,
  waiting integer not null,
  planned integer not null,
  days_left integer,
  earliest integer,
  latest integer,
  use_per_day double precision,
  confidence text not null,
  history_days integer not null,
  changes integer not null,
  place integer not null generated always as (COALESCE(days_left, 1000)) stored,
  constraint forecasts_pkey PRIMARY KEY (asset_id),
  constraint forecasts_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint forecasts_confidence_check CHECK ((confidence = ANY (ARRAY['enough_history'::text, 'little_history'::text]))),
  constraint forecasts_state_check CHECK ((state = ANY (ARRAY['short_now'::text, 'runs_out'::text, 'lasts'::text, 'never'::text])))
);
CREATE INDEX forecasts_of_location ON public.forecasts USING btree (location_id, place, asset_id);
CREATE INDEX forecasts_soonest ON public.forecasts USING btree (place, asset_id);

create table former_assets (
  location_id integer not null,
  asset_id integer not null,
  adam_id text not null,
  pricing_param text not null,
  constraint former_assets_pkey PRIMARY KEY (location_id, asset_id)
);

create table former_assignments (
  id integer not null,
  asset_id integer not null,
  group_id integer not null,
  group_name text not null,
  reclaim jsonb not null,
  removed_at timestamp with time zone not null,
  removed_by text not null,
  constraint former_assignments_pkey PRIMARY KEY (id),
  constraint former_assignments_reclaim_check CHECK ((jsonb_typeof(reclaim) = 'object'::text))
);
CREATE INDEX former_assignments_asset ON public.former_assignments USING btree (asset_id);

create table former_locations (
  id integer not null,
  uid text not null,
  name text not null,
  organization_name text not null,
  added_at timestamp with time zone not null,
  deleted_at timestamp with time zone not null,
  deleted_by text not null,
  claim jsonb not null,
  country text not null default ''::text,
  constraint former_locations_pkey PRIMARY KEY (id),
  constraint former_locations_claim_check CHECK ((jsonb_typeof(claim) = 'object'::text))
);

create table given_up_grants (
  location_id integer not null,
  asset_id integer not null,
  holder_kind holder_kind not null,
  holder text not null,
  assignment_id integer,
  at timestamp with time zone not null,
  constraint given_up_grants_pkey PRIMARY KEY (location_id, asset_id, holder_kind, holder),
  constraint given_up_grants_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE
);

create table group_closure (
  group_id integer not null,
  member_group_id integer not null,
  constraint group_closure_pkey PRIMARY KEY (group_id, member_group_id),
  constraint group_closure_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE CASCADE,
  constraint group_closure_member_group_id_fkey FOREIGN KEY (member_group_id) REFERENCES groups(id) ON DELETE CASCADE
);
CREATE INDEX group_closure_member ON public.group_closure USING btree (member_group_id);

create table group_devices (
  group_id integer not null,
  device_id integer not null,
  added_at timestamp with time zone not null,
  constraint group_devices_pkey PRIMARY KEY (group_id, device_id),
  constraint group_devices_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE,
  constraint group_devices_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE CASCADE
);
CREATE INDEX group_devices_device ON public.group_devices USING btree (device_id);

create table group_groups (
  group_id integer not null,
  member_group_id integer not null,
  added_at timestamp with time zone not null,
  constraint group_groups_pkey PRIMARY KEY (group_id, member_group_id),
  constraint group_groups_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE CASCADE,
  constraint group_groups_member_group_id_fkey FOREIGN KEY (member_group_id) REFERENCES groups(id) ON DELETE CASCADE,
  constraint group_groups_check CHECK ((group_id <> member_group_id))
);
CREATE INDEX group_groups_member ON public.group_groups USING btree (member_group_id);

create table group_users (
  group_id integer not null,
  user_id integer not null,
  added_at timestamp with time zone not null,
  constraint group_users_pkey PRIMARY KEY (group_id, user_id),
  constraint group_users_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id) ON DELETE CASCADE,
  constraint group_users_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX group_users_user ON public.group_users USING btree (user_id);

create table groups (
  id integer not null generated always as identity,
  kind text not null,
  name text not null,
  description text not null default ''::text,
  built_in text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  rule jsonb,
  constraint groups_pkey PRIMARY KEY (id),
  constraint groups_built_in_key UNIQUE (built_in),
  constraint groups_built_in_check CHECK ((built_in = ANY (ARRAY['all_devices'::text, 'all_users'::text]))),
  constraint groups_check CHECK (((rule IS NULL) OR ((kind = 'device'::text) AND (built_in IS NULL)))),
  constraint groups_kind_check CHECK ((kind = ANY (ARRAY['device'::text, 'user'::text]))),
  constraint groups_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
  constraint groups_rule_check CHECK ((jsonb_typeof(rule) = 'object'::text))
);
CREATE INDEX groups_by_rule ON public.groups USING btree (id) WHERE (rule IS NOT NULL);
CREATE UNIQUE INDEX groups_name ON public.groups USING btree (lower(name));
CREATE TRIGGER groups_close AFTER INSERT ON public.groups FOR EACH ROW EXECUTE FUNCTION add_group_to_closure();

create table identity_certificates (
  serial_number text not null,
  fingerprint bytea not null,
  pending_id uuid not null,
  enrollment_id integer,
  state text not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  issued_at timestamp with time zone not null,
  constraint identity_certificates_pkey PRIMARY KEY (serial_number),
  constraint identity_certificates_fingerprint_key UNIQUE (fingerprint),
  constraint identity_certificates_pending_id_key UNIQUE (pending_id),
  constraint identity_certificates_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE,
  constraint identity_certificates_pending_id_fkey FOREIGN KEY (pending_id) REFERENCES pending_enrollments(id) ON DELETE CASCADE,
  constraint identity_certificates_check CHECK (((state <> ALL (ARRAY['pinned'::text, 'superseded'::text])) OR (enrollment_id IS NOT NULL))),
  constraint identity_certificates_fingerprint_check CHECK ((length(fingerprint) = 32)),
  constraint identity_certificates_serial_number_check CHECK ((serial_number ~ '^[0-9a-f]+$'::text)),
  constraint identity_certificates_state_check CHECK ((state = ANY (ARRAY['issued'::text, 'pinned'::text, 'superseded'::text, 'revoked'::text])))
);
CREATE INDEX identity_certificates_enrollment ON public.identity_certificates USING btree (enrollment_id);
CREATE UNIQUE INDEX identity_certificates_pinned ON public.identity_certificates USING btree (enrollment_id) WHERE (state = 'pinned'::text);

create table idle_licenses (
  location_id integer not null,
  asset_id integer not null,
  holder_kind holder_kind not null,
  holder text not null,
  reason text not null,
  ours boolean not null,
  found_at timestamp with time zone not null,
  constraint idle_licenses_pkey PRIMARY KEY (location_id, asset_id, holder_kind, holder),
  constraint idle_licenses_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint idle_licenses_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint idle_licenses_holder_check CHECK ((holder <> ''::text)),
  constraint idle_licenses_reason_check CHECK ((reason ~ '^[a-z_]+$'::text))
);
CREATE INDEX idle_licenses_asset ON public.idle_licenses USING btree (asset_id);
CREATE INDEX idle_licenses_holder ON public.idle_licenses USING btree (holder text_pattern_ops);
CREATE INDEX idle_licenses_reason ON public.idle_licenses USING btree (reason, location_id, asset_id, holder_kind, holder);

create table idle_looks (
  asset_id integer not null,
  location_id integer not null,
  asked boolean not null default true,
  reached_kind holder_kind,
  reached_holder text,
  looked_at timestamp with time zone,
  counts jsonb not null default '{}'::jsonb,
  constraint idle_looks_pkey PRIMARY KEY (asset_id),
  constraint idle_looks_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint idle_looks_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint idle_looks_check CHECK (((reached_kind IS NULL) = (reached_holder IS NULL))),
  constraint idle_looks_counts_check CHECK ((jsonb_typeof(counts) = 'object'::text))
);
CREATE INDEX idle_looks_found ON public.idle_looks USING btree (location_id, asset_id) WHERE (counts <> '{}'::jsonb);
CREATE INDEX idle_looks_open ON public.idle_looks USING btree (location_id, asset_id) WHERE (asked OR (reached_holder IS NOT NULL));

create table imports (
  id uuid not null,
  kind text not null,
  at timestamp with time zone not null,
  actor_name text not null,
  file_name text,
  on_error text not null,
  kept boolean not null,
  rows integer not null,
  created integer not null,
  updated integer not null,
  unchanged integer not null,
  rejected integer not null,
  rejections jsonb not null default '[]'::jsonb,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_kind_check CHECK ((kind = ANY (ARRAY['devices'::text, 'users'::text, 'groups'::text]))),
  constraint imports_on_error_check CHECK ((on_error = ANY (ARRAY['keep_good_rows'::text, 'keep_nothing'::text])))
);
CREATE INDEX imports_at ON public.imports USING btree (at DESC, id);

create table install_steps (
  device_id integer not null,
  adam_id text not null,
  seq bigint not null generated always as identity,
  at timestamp with time zone not null,
  state text not null,
  cause jsonb not null,
  command_id uuid,
  constraint install_steps_pkey PRIMARY KEY (device_id, adam_id, seq),
  constraint install_steps_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE
);

create table installs (
  device_id integer not null,
  adam_id text not null,
  location_id integer not null,
  asset_id integer not null,
  enrollment_id integer not null,
  bundle_id text,
  wanted text not null,
  state text not null,
  since timestamp with time zone not null,
  cause jsonb not null,
  attempts smallint not null default 0,
  polls smallint not null default 0,
  due_at timestamp with time zone,
  command_id uuid,
  external_version bigint,
  may_be_there boolean not null generated always as ((state = ANY (ARRAY['commanded'::text, 'prompting'::text, 'installing'::text, 'installed'::text, 'removing'::text]))) stored,
  settings_sent jsonb,
  settings_problem jsonb,
  update_state text,
  update_since timestamp with time zone,
  declared jsonb,
  constraint installs_pkey PRIMARY KEY (device_id, adam_id),
  constraint installs_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint installs_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE,
  constraint installs_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE,
  constraint installs_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint installs_adam_id_check CHECK ((adam_id <> ''::text)),
  constraint installs_cause_check CHECK (((cause ->> 'code'::text) ~ '^[a-z_]+$'::text)),
  constraint installs_declared_check CHECK ((jsonb_typeof(declared) = 'object'::text)),
  constraint installs_state_check CHECK ((state = ANY (ARRAY['licensed'::text, 'commanded'::text, 'prompting'::text, 'installing'::text, 'installed'::text, 'refused'::text, 'failed'::text, 'cannot_install'::text, 'removing'::text, 'removed'::text, 'released'::text]))),
  constraint installs_update CHECK (((update_state IS NULL) = (update_since IS NULL))),
  constraint installs_update_state_check CHECK ((update_state = ANY (ARRAY['available'::text, 'commanded'::text, 'failed'::text]))),
  constraint installs_wanted_check CHECK ((wanted = ANY (ARRAY['installed'::text, 'removed'::text, 'nothing'::text])))
);
CREATE INDEX installs_asset ON public.installs USING btree (location_id, asset_id, state, device_id);
CREATE INDEX installs_due ON public.installs USING btree (location_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX installs_enrollment ON public.installs USING btree (enrollment_id);
CREATE INDEX installs_of_asset ON public.installs USING btree (asset_id);

create table intervention_assets (
  intervention_id uuid not null,
  location_id integer not null,
  asset_id integer not null,
  reached_kind holder_kind,
  reached_holder text,
  begun_at timestamp with time zone,
  done_at timestamp with time zone,
  counts jsonb not null default '{}'::jsonb,
  constraint intervention_assets_pkey PRIMARY KEY (intervention_id, asset_id),
  constraint intervention_assets_intervention_id_fkey FOREIGN KEY (intervention_id) REFERENCES interventions(id) ON DELETE CASCADE,
  constraint intervention_assets_counts_check CHECK ((jsonb_typeof(counts) = 'object'::text))
);
CREATE INDEX intervention_assets_open ON public.intervention_assets USING btree (location_id, intervention_id, asset_id) WHERE (done_at IS NULL);

create table intervention_items (
  intervention_id uuid not null,
  location_id integer not null,
  asset_id integer not null,
  holder_kind holder_kind not null,
  holder text not null,
  outcome text not null,
  reason text,
  error_number integer,
  detail text,
  settled_at timestamp with time zone,
  constraint intervention_items_pkey PRIMARY KEY (intervention_id, asset_id, holder_kind, holder),
  constraint intervention_items_intervention_id_fkey FOREIGN KEY (intervention_id) REFERENCES interventions(id) ON DELETE CASCADE,
  constraint intervention_items_check CHECK (((outcome = ANY (ARRAY['asked'::text, 'giving'::text])) = (settled_at IS NULL))),
  constraint intervention_items_outcome_check CHECK ((outcome = ANY (ARRAY['asked'::text, 'taken'::text, 'refused'::text, 'kept'::text, 'adopted'::text, 'withheld'::text, 'skipped'::text, 'giving'::text, 'given'::text, 'not_given'::text, 'queued'::text]))),
  constraint intervention_items_reason_check CHECK ((reason ~ '^[a-z_]+$'::text))
);
CREATE INDEX intervention_items_giving ON public.intervention_items USING btree (location_id, asset_id, holder_kind, holder) WHERE (outcome = 'giving'::text);
CREATE INDEX intervention_items_open ON public.intervention_items USING btree (location_id, asset_id, holder_kind, holder) WHERE (outcome = ANY (ARRAY['asked'::text, 'refused'::text]));

create table interventions (
  id uuid not null,
  kind text not null,
  location_id integer,
  asset_id integer,
  holder_kind holder_kind,
  holder text,
  user_id integer,
  scope jsonb not null,
  include_outside boolean not null,
  required text not null,
  unassigned text not null,
  state text not null default 'preview'::text,
  preview jsonb not null,
  fingerprint text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  expires_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  applied_by text,
  finished_at timestamp with time zone,
  counts jsonb,
  idle_reasons text[],
  unseen_before timestamp with time zone,
  undoes uuid,
  constraint interventions_pkey PRIMARY KEY (id),
  constraint interventions_undoes_fkey FOREIGN KEY (undoes) REFERENCES interventions(id) ON DELETE CASCADE,
  constraint interventions_check CHECK (((holder_kind IS NULL) = (holder IS NULL))),
  constraint interventions_check1 CHECK (((holder IS NULL) OR (user_id IS NULL))),
  constraint interventions_check2 CHECK (((state = 'preview'::text) = (applied_at IS NULL))),
  constraint interventions_check3 CHECK (((applied_at IS NULL) = (applied_by IS NULL))),
  constraint interventions_check4 CHECK (((state = 'done'::text) = (finished_at IS NOT NULL))),
  constraint interventions_check5 CHECK (((idle_reasons IS NULL) = (unseen_before IS NULL))),
  constraint interventions_check6 CHECK (((kind = 'undo'::text) = (undoes IS NOT NULL))),
  constraint interventions_counts_check CHECK ((jsonb_typeof(counts) = 'object'::text)),
  constraint interventions_idle_reasons_check CHECK ((cardinality(idle_reasons) > 0)),
  constraint interventions_kind_check CHECK ((kind = ANY (ARRAY['take_back'::text, 'free'::text, 'adopt'::text, 'undo'::text]))),
  constraint interventions_required_check CHECK ((required = ANY (ARRAY['leave'::text, 'withhold'::text]))),
  constraint interventions_state_check CHECK ((state = ANY (ARRAY['preview'::text, 'running'::text, 'done'::text]))),
  constraint interventions_unassigned_check CHECK ((unassigned = ANY (ARRAY['leave'::text, 'take_back'::text])))
);
CREATE INDEX interventions_applied ON public.interventions USING btree (applied_at DESC, id DESC) WHERE (applied_at IS NOT NULL);
CREATE INDEX interventions_preview ON public.interventions USING btree (expires_at) WHERE (applied_at IS NULL);
CREATE INDEX interventions_undoes ON public.interventions USING btree (undoes, applied_at) WHERE (undoes IS NOT NULL);

create table leases (
  location_id integer not null,
  owner uuid not null,
  epoch bigint not null default 1,
  constraint leases_pkey PRIMARY KEY (location_id),
  constraint leases_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE
);
CREATE INDEX leases_owner ON public.leases USING btree (owner);

create table ledger (
  id bigint not null generated always as identity,
  location_id integer not null,
  asset_id integer not null,
  holder_kind holder_kind not null,
  holder text not null,
  at timestamp with time zone not null,
  change text not null,
  cause text not null,
  assignment_id integer,
  operation_id uuid,
  sync_run_id uuid,
  intervention_id uuid,
  constraint ledger_pkey PRIMARY KEY (location_id, asset_id, id),
  constraint ledger_change_check CHECK ((change = ANY (ARRAY['granted'::text, 'released'::text, 'refused'::text, 'found'::text, 'vanished'::text, 'adopted'::text])))
);
CREATE INDEX ledger_holder ON public.ledger USING btree (holder_kind, holder, id);
CREATE INDEX ledger_intervention ON public.ledger USING btree (intervention_id, id) WHERE (intervention_id IS NOT NULL);
CREATE INDEX ledger_newest ON public.ledger USING btree (id);
CREATE INDEX ledger_period ON public.ledger USING brin (at);
CREATE INDEX ledger_sync_run ON public.ledger USING btree (sync_run_id, id) WHERE (sync_run_id IS NOT NULL);
CREATE TRIGGER ledger_by_day AFTER INSERT ON public.ledger REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_ledger_by_day();

create table license_days (
  location_id integer not null,
  asset_id integer not null,
  day date not null,
  granted integer not null,
  released integer not null,
  constraint license_days_pkey PRIMARY KEY (location_id, asset_id, day),
  constraint license_days_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint license_days_granted_check CHECK ((granted >= 0)),
  constraint license_days_released_check CHECK ((released >= 0))
);

create table licenses (
  location_id integer not null,
  asset_id integer not null,
  holder_kind holder_kind not null,
  holder text not null,
  state license_state not null,
  ours boolean not null,
  since timestamp with time zone not null,
  assignment_id integer,
  operation_id uuid,
  release_after timestamp with time zone,
  keep_until timestamp with time zone,
  keep_why text,
  constraint licenses_pkey PRIMARY KEY (location_id, asset_id, holder_kind, holder),
  constraint licenses_check CHECK (((state = 'held'::license_state) OR ours)),
  constraint licenses_check1 CHECK (((keep_until IS NULL) = (keep_why IS NULL))),
  constraint licenses_holder_check CHECK ((holder <> ''::text)),
  constraint licenses_keep_why_check CHECK ((keep_why = ANY (ARRAY['unassigned'::text, 'uninstall'::text, 'device_left'::text, 'user_left'::text, 'app_removed'::text, 'undone'::text])))
);
CREATE INDEX licenses_holder ON public.licenses USING btree (holder, holder_kind);
CREATE INDEX licenses_keep_until ON public.licenses USING btree (keep_until, location_id) WHERE (keep_until IS NOT NULL);
CREATE INDEX licenses_on_the_way ON public.licenses USING btree (location_id, asset_id, holder_kind, holder) WHERE (state <> 'held'::license_state);
CREATE INDEX licenses_operation ON public.licenses USING btree (operation_id) WHERE (operation_id IS NOT NULL);
CREATE INDEX licenses_release_after ON public.licenses USING btree (release_after, location_id) WHERE (release_after IS NOT NULL);
CREATE INDEX licenses_unpacked ON public.licenses USING btree (location_id, state, holder_kind, holder, asset_id) WHERE ((operation_id IS NULL) AND (state <> 'held'::license_state));
CREATE INDEX licenses_unpacked_since ON public.licenses USING btree (location_id, since) WHERE ((operation_id IS NULL) AND (state <> 'held'::license_state));

create table locations (
  id integer not null generated always as identity,
  uid text not null,
  name text not null,
  organization_name text not null,
  location_name text,
  account text,
  account_type text not null,
  country text not null,
  store_platform text not null,
  website_url text,
  automatic_updates boolean not null default false,
  consent_at timestamp with time zone,
  token_sealed bytea not null,
  token_hash bytea not null,
  token_expires_at timestamp with time zone not null,
  token_uploaded_at timestamp with time zone not null,
  token_state text not null default 'valid'::text,
  token_error_number integer,
  mdm_id uuid not null,
  managed_by jsonb,
  sync_every_minutes integer not null default 720,
  next_sync_at timestamp with time zone not null,
  exact_as_of timestamp with time zone,
  assets_version text,
  assignments_version text,
  users_version text,
  notifications_from timestamp with time zone,
  created_at timestamp with time zone not null,
  next_sweep_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  swept_at timestamp with time zone,
  sweep_problem_code text,
  sweep_problem_detail text,
  compared_at timestamp with time zone,
  users_doubted boolean not null default false,
  apple_country text,
  answered_at timestamp with time zone,
  slowed_at timestamp with time zone,
  tend_at timestamp with time zone not null default '2000-01-01 00:00:00+00'::timestamp with time zone,
  notification_base text,
  notifications_off text,
  notifications_off_since timestamp with time zone,
  registered_at timestamp with time zone,
  inherited_url text,
  leaving_since timestamp with time zone,
  leaving_by text,
  leaving_licenses text,
  leaving_phase text,
  leaving_count integer,
  leaving_look_at timestamp with time zone,
  leaving_claim jsonb,
  idle_look_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  forecast_at timestamp with time zone not null default '2000-01-01 00:00:00+00'::timestamp with time zone,
  update_from text,
  update_until text,
  update_zone text,
  constraint locations_pkey PRIMARY KEY (id),
  constraint locations_mdm_id_key UNIQUE (mdm_id),
  constraint locations_token_hash_key UNIQUE (token_hash),
  constraint locations_uid_key UNIQUE (uid),
  constraint locations_account_check CHECK ((length(account) <= 320)),
  constraint locations_account_type_check CHECK ((account_type = ANY (ARRAY['business'::text, 'education'::text]))),
  constraint locations_check CHECK ((((leaving_since IS NULL) = (leaving_phase IS NULL)) AND ((leaving_since IS NULL) = (leaving_licenses IS NULL)) AND ((leaving_since IS NULL) = (leaving_look_at IS NULL)))),
  constraint locations_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint locations_leaving_claim_check CHECK ((jsonb_typeof(leaving_claim) = 'object'::text)),
  constraint locations_leaving_licenses_check CHECK ((leaving_licenses = ANY (ARRAY['release'::text, 'leave'::text]))),
  constraint locations_leaving_phase_check CHECK ((leaving_phase = ANY (ARRAY['releasing'::text, 'unclaiming'::text, 'deleting'::text]))),
  constraint locations_managed_by_check CHECK ((jsonb_typeof(managed_by) = 'object'::text)),
  constraint locations_name_check CHECK (((name <> ''::text) AND (length(name) <= 200))),
  constraint locations_notifications_off_check CHECK ((notifications_off = ANY (ARRAY['unreachable'::text, 'unheard'::text, 'silent'::text]))),
  constraint locations_sync_every_minutes_check CHECK (((sync_every_minutes >= 15) AND (sync_every_minutes <= 10080))),
  constraint locations_token_hash_check CHECK ((length(token_hash) = 32)),
  constraint locations_token_state_check CHECK ((token_state = ANY (ARRAY['valid'::text, 'revoked'::text, 'invalid'::text]))),
  constraint locations_uid_check CHECK ((uid <> ''::text)),
  constraint locations_update_from_check CHECK ((update_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint locations_update_hours CHECK ((num_nulls(update_from, update_until, update_zone) = ANY (ARRAY[0, 3]))),
  constraint locations_update_until_check CHECK ((update_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text))
);
CREATE INDEX locations_forecast ON public.locations USING btree (forecast_at);
CREATE INDEX locations_idle_look ON public.locations USING btree (idle_look_at);
CREATE INDEX locations_leaving ON public.locations USING btree (leaving_look_at) WHERE (leaving_since IS NOT NULL);
CREATE INDEX locations_next_sweep ON public.locations USING btree (next_sweep_at);
CREATE INDEX locations_tend ON public.locations USING btree (tend_at);
CREATE TRIGGER locations_mark_titles AFTER UPDATE OF country ON public.locations FOR EACH ROW WHEN ((old.country <> new.country)) EXECUTE FUNCTION mark_titles_of_location();

create table nanomdm_events (
  event_id text not null,
  received_at timestamp with time zone not null,
  constraint nanomdm_events_pkey PRIMARY KEY (event_id)
);
CREATE INDEX nanomdm_events_received ON public.nanomdm_events USING btree (received_at);

create table nanomdm_server (
  id smallint not null default 1,
  problem text,
  detail text,
  since timestamp with time zone,
  attempts integer not null default 0,
  retry_at timestamp with time zone,
  constraint nanomdm_server_pkey PRIMARY KEY (id),
  constraint nanomdm_server_check CHECK ((((problem IS NULL) = (since IS NULL)) AND ((problem IS NULL) = (detail IS NULL)))),
  constraint nanomdm_server_id_check CHECK ((id = 1)),
  constraint nanomdm_server_problem_check CHECK ((problem = ANY (ARRAY['unauthorized'::text, 'unreachable'::text, 'failing'::text])))
);

create table notifications (
  uid text not null,
  notification_id text not null,
  type text not null,
  body jsonb not null,
  received_at timestamp with time zone not null,
  processed_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (uid, notification_id)
);
CREATE INDEX notifications_received ON public.notifications USING btree (received_at);
CREATE INDEX notifications_waiting ON public.notifications USING btree (uid, received_at) WHERE (processed_at IS NULL);

create table operations (
  id uuid not null,
  location_id integer not null,
  kind text not null,
  state text not null,
  asset_ids integer[] not null,
  holder_kind holder_kind not null,
  holders text[] not null,
  tasks integer not null,
  recorded_at timestamp with time zone not null,
  sending_at timestamp with time zone,
  sent_at timestamp with time zone,
  event_id text,
  next_look_at timestamp with time zone,
  heard_at timestamp with time zone,
  finished_at timestamp with time zone,
  attempts integer not null default 0,
  completed integer not null default 0,
  refused integer not null default 0,
  problem_number integer,
  problem_detail text,
  constraint operations_pkey PRIMARY KEY (id),
  constraint operations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint operations_asset_ids_check CHECK ((cardinality(asset_ids) > 0)),
  constraint operations_check CHECK (((state = 'sent'::text) <= (event_id IS NOT NULL))),
  constraint operations_check1 CHECK (((state = ANY (ARRAY['done'::text, 'partly'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  constraint operations_holders_check CHECK ((cardinality(holders) > 0)),
  constraint operations_kind_check CHECK ((kind = ANY (ARRAY['associate'::text, 'disassociate'::text]))),
  constraint operations_state_check CHECK ((state = ANY (ARRAY['recorded'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'done'::text, 'partly'::text, 'failed'::text]))),
  constraint operations_tasks_check CHECK ((tasks > 0))
);
CREATE INDEX operations_event ON public.operations USING btree (location_id, event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX operations_history ON public.operations USING btree (location_id, recorded_at DESC, id);
CREATE INDEX operations_open ON public.operations USING btree (location_id, state, recorded_at) WHERE (finished_at IS NULL);

create table outbox (
  id bigint not null generated always as identity,
  topic text not null,
  location_id integer,
  key text not null,
  payload jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_topic_location_id_key_key UNIQUE NULLS NOT DISTINCT (topic, location_id, key),
  constraint outbox_topic_check CHECK ((topic ~ '^[a-z_]+(\.[a-z_]+)*$'::text))
);
CREATE INDEX outbox_topic ON public.outbox USING btree (topic, id);
CREATE TRIGGER outbox_notify AFTER INSERT ON public.outbox REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();

create table pending_enrollments (
  id uuid not null,
  link_id uuid,
  enrollment_id integer,
  ownership text not null,
  user_id integer,
  serial_number text,
  challenge_hash bytea not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  issued_at timestamp with time zone,
  constraint pending_enrollments_pkey PRIMARY KEY (id),
  constraint pending_enrollments_challenge_hash_key UNIQUE (challenge_hash),
  constraint pending_enrollments_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE,
  constraint pending_enrollments_link_id_fkey FOREIGN KEY (link_id) REFERENCES enrollment_links(id) ON DELETE SET NULL,
  constraint pending_enrollments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL,
  constraint pending_enrollments_ownership_check CHECK ((ownership = ANY (ARRAY['personal'::text, 'corporate'::text])))
);
CREATE INDEX pending_enrollments_enrollment ON public.pending_enrollments USING btree (enrollment_id);
CREATE INDEX pending_enrollments_link ON public.pending_enrollments USING btree (link_id);
CREATE INDEX pending_enrollments_user ON public.pending_enrollments USING btree (user_id);

create table placements (
  adam_id text not null,
  device_id integer not null,
  asset_id integer not null,
  constraint placements_pkey PRIMARY KEY (adam_id, device_id),
  constraint placements_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint placements_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE
);
CREATE INDEX placements_asset ON public.placements USING btree (asset_id, device_id);
CREATE INDEX placements_device ON public.placements USING btree (device_id);

create table plans (
  id uuid not null,
  asset_id integer,
  wanted jsonb not null,
  outcome jsonb not null,
  fingerprint text not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  expires_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  kind text not null default 'assignments'::text,
  constraint plans_pkey PRIMARY KEY (id),
  constraint plans_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint plans_kind_check CHECK ((kind = ANY (ARRAY['assignments'::text, 'group'::text])))
);

create table push_certificates (
  topic text not null,
  certificate text not null,
  private_key bytea not null,
  not_before timestamp with time zone not null,
  not_after timestamp with time zone not null,
  uploaded_at timestamp with time zone not null,
  refused_at timestamp with time zone,
  refused_reason text,
  constraint push_certificates_pkey PRIMARY KEY (topic),
  constraint push_certificates_check CHECK (((refused_at IS NULL) = (refused_reason IS NULL))),
  constraint push_certificates_topic_check CHECK ((topic ~~ 'com.apple.mgmt.%'::text))
);

create table push_signing_requests (
  id smallint not null default 1,
  private_key bytea not null,
  request text not null,
  created_at timestamp with time zone not null,
  constraint push_signing_requests_pkey PRIMARY KEY (id),
  constraint push_signing_requests_id_check CHECK ((id = 1))
);

create table registrations (
  location_id integer not null,
  user_id integer not null,
  due_at timestamp with time zone,
  operation_id uuid,
  registered_at timestamp with time zone,
  problem_number integer,
  problem_detail text,
  problem_at timestamp with time zone,
  final boolean not null default false,
  constraint registrations_pkey PRIMARY KEY (location_id, user_id),
  constraint registrations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint registrations_operation_id_fkey FOREIGN KEY (operation_id) REFERENCES user_operations(id) ON DELETE SET NULL,
  constraint registrations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint registrations_check CHECK (((problem_at IS NULL) = (problem_detail IS NULL))),
  constraint registrations_check1 CHECK (((problem_at IS NOT NULL) OR (NOT final)))
);
CREATE INDEX registrations_due ON public.registrations USING btree (location_id, due_at) WHERE ((due_at IS NOT NULL) AND (operation_id IS NULL));
CREATE INDEX registrations_operation ON public.registrations USING btree (operation_id) WHERE (operation_id IS NOT NULL);
CREATE INDEX registrations_user ON public.registrations USING btree (user_id);

create table request_slots (
  uid text not null,
  next_at timestamp with time zone not null,
  constraint request_slots_pkey PRIMARY KEY (uid)
);

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (number),
  constraint schema_migrations_name_key UNIQUE (name),
  constraint schema_migrations_checksum_check CHECK ((checksum ~ '^[0-9a-f]{64}$'::text)),
  constraint schema_migrations_number_check CHECK ((number > 0))
);

create table server_processes (
  id uuid not null,
  alive_until timestamp with time zone not null,
  constraint server_processes_pkey PRIMARY KEY (id)
);

create table sessions (
  id_hash bytea not null,
  administrator_id uuid not null,
  csrf_token text not null,
  created_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  user_agent text,
  constraint sessions_pkey PRIMARY KEY (id_hash),
  constraint sessions_administrator_id_fkey FOREIGN KEY (administrator_id) REFERENCES administrators(id) ON DELETE CASCADE,
  constraint sessions_check CHECK ((expires_at > created_at)),
  constraint sessions_csrf_token_check CHECK ((length(csrf_token) >= 22)),
  constraint sessions_id_hash_check CHECK ((octet_length(id_hash) = 32)),
  constraint sessions_user_agent_check CHECK ((length(user_agent) <= 512))
);
CREATE INDEX sessions_administrator ON public.sessions USING btree (administrator_id);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

create table settings (
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint settings_pkey PRIMARY KEY (key),
  constraint settings_key_check CHECK ((key ~ '^[a-z0-9_.-]+$'::text))
);

create table setup_codes (
  only_row boolean not null default true,
  code_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  constraint setup_codes_pkey PRIMARY KEY (only_row),
  constraint setup_codes_code_hash_check CHECK ((octet_length(code_hash) = 32)),
  constraint setup_codes_only_row_check CHECK (only_row)
);

create table sync_runs (
  id uuid not null,
  location_id integer not null,
  cause text not null,
  state text not null,
  phase text,
  asked_at timestamp with time zone not null,
  asked_again_for text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  pages_done integer not null default 0,
  pages_total integer,
  assets_seen integer not null default 0,
  users_seen integer not null default 0,
  licenses_seen integer not null default 0,
  licenses_found integer not null default 0,
  licenses_gone integer not null default 0,
  problem_code text,
  problem_detail text,
  scope text not null default 'everything'::text,
  wants_everything boolean not null default false,
  assets_reread integer not null default 0,
  asked_again_everything boolean not null default false,
  constraint sync_runs_pkey PRIMARY KEY (id),
  constraint sync_runs_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint sync_runs_asked_again_for_check CHECK ((asked_again_for = ANY (ARRAY['administrator'::text, 'drift'::text]))),
  constraint sync_runs_cause_check CHECK ((cause = ANY (ARRAY['first'::text, 'schedule'::text, 'administrator'::text, 'drift'::text, 'sweep'::text]))),
  constraint sync_runs_phase_check CHECK ((phase = ANY (ARRAY['connect'::text, 'assets'::text, 'users'::text, 'licenses'::text, 'compare'::text, 'titles'::text]))),
  constraint sync_runs_scope_check CHECK ((scope = ANY (ARRAY['changes'::text, 'everything'::text]))),
  constraint sync_runs_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX sync_runs_history ON public.sync_runs USING btree (location_id, asked_at DESC);
CREATE UNIQUE INDEX sync_runs_one_open ON public.sync_runs USING btree (location_id) WHERE (state = ANY (ARRAY['waiting'::text, 'running'::text]));

create table targets (
  location_id integer not null,
  asset_id integer not null,
  device_id integer,
  intent text not null,
  assignment_id integer not null,
  entered_at timestamp with time zone not null,
  refused_number integer,
  refused_detail text,
  retry_at timestamp with time zone,
  waits boolean not null default false,
  withheld_by uuid,
  withheld_at timestamp with time zone,
  user_id integer,
  offered boolean not null default false,
  license_type text not null default 'device'::text,
  priority smallint not null default 0,
  asked_at timestamp with time zone,
  wants boolean not null generated always as ((((user_id IS NOT NULL) OR (license_type = 'device'::text)) AND ((intent = 'required'::text) OR ((asked_at IS NOT NULL) AND (intent = ANY (ARRAY['available'::text, 'available_or_uninstall'::text])))) AND (withheld_by IS NULL))) stored,
  constraint targets_device_id_fkey FOREIGN KEY (device_id) REFERENCES devices(id) ON DELETE CASCADE,
  constraint targets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint targets_check CHECK (((withheld_by IS NULL) = (withheld_at IS NULL))),
  constraint targets_check1 CHECK (((device_id IS NULL) <> (user_id IS NULL))),
  constraint targets_check2 CHECK (((user_id IS NULL) OR (license_type = 'user'::text))),
  constraint targets_check3 CHECK ((wants OR (NOT waits))),
  constraint targets_intent_check CHECK ((intent = ANY (ARRAY['required'::text, 'available'::text, 'uninstall'::text, 'available_or_uninstall'::text]))),
  constraint targets_license_type_check CHECK ((license_type = ANY (ARRAY['device'::text, 'user'::text])))
);
CREATE INDEX targets_asked ON public.targets USING btree (location_id, asset_id) WHERE (asked_at IS NOT NULL);
CREATE INDEX targets_assignment ON public.targets USING btree (location_id, asset_id, assignment_id);
CREATE INDEX targets_device ON public.targets USING btree (device_id);
CREATE UNIQUE INDEX targets_of_devices ON public.targets USING btree (location_id, asset_id, device_id);
CREATE UNIQUE INDEX targets_of_users ON public.targets USING btree (location_id, asset_id, user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX targets_queue ON public.targets USING btree (location_id, asset_id, priority DESC, entered_at, device_id, user_id) WHERE waits;
CREATE INDEX targets_retry ON public.targets USING btree (retry_at, location_id) WHERE (retry_at IS NOT NULL);
CREATE INDEX targets_user ON public.targets USING btree (user_id) WHERE (user_id IS NOT NULL);
CREATE INDEX targets_withheld ON public.targets USING btree (location_id, asset_id, device_id) WHERE (withheld_by IS NOT NULL);
CREATE INDEX targets_withheld_by ON public.targets USING btree (withheld_by) WHERE (withheld_by IS NOT NULL);
CREATE TRIGGER targets_ask_for_registration AFTER UPDATE ON public.targets FOR EACH ROW WHEN (((new.user_id IS NOT NULL) AND new.wants AND ((NOT old.wants) OR ((old.retry_at IS NOT NULL) AND (new.retry_at IS NULL))))) EXECUTE FUNCTION ask_for_registration();
CREATE TRIGGER targets_ask_for_registrations AFTER INSERT ON public.targets REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION ask_for_registrations();

create table title_changes (
  id bigint not null generated always as identity,
  adam_id text not null,
  country text,
  asset_id integer,
  at timestamp with time zone not null,
  change text not null,
  before text,
  after text,
  constraint title_changes_pkey PRIMARY KEY (id),
  constraint title_changes_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id) ON DELETE CASCADE,
  constraint title_changes_change_check CHECK ((change = ANY (ARRAY['not_in_store'::text, 'in_store_again'::text, 'renamed'::text, 'price_changed'::text, 'not_licensed'::text, 'licensed_again'::text, 'not_device_assignable'::text, 'device_assignable_again'::text, 'became_unlimited'::text, 'became_limited'::text]))),
  constraint title_changes_check CHECK (((country IS NULL) <> (asset_id IS NULL)))
);
CREATE INDEX title_changes_asset ON public.title_changes USING btree (asset_id) WHERE (asset_id IS NOT NULL);
CREATE INDEX title_changes_at ON public.title_changes USING btree (at);
CREATE INDEX title_changes_title ON public.title_changes USING btree (adam_id, id DESC);
CREATE TRIGGER title_changes_mark_title AFTER INSERT ON public.title_changes FOR EACH ROW EXECUTE FUNCTION mark_title();

create table title_icons (
  country text not null,
  adam_id text not null,
  media_type text not null,
  bytes bytea not null,
  artwork_url text not null,
  fetched_at timestamp with time zone not null,
  constraint title_icons_pkey PRIMARY KEY (country, adam_id),
  constraint title_icons_bytes_check CHECK ((length(bytes) <= 1048576)),
  constraint title_icons_media_type_check CHECK ((media_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text])))
);

create table title_marks (
  id bigint not null generated always as identity,
  adam_id text not null,
  constraint title_marks_pkey PRIMARY KEY (id)
);
CREATE INDEX title_marks_title ON public.title_marks USING btree (adam_id);

create table title_sums (
  adam_id text not null,
  name_key text not null,
  country text not null,
  search text not null,
  kind text not null,
  platforms text[] not null,
  families text[] not null,
  pools integer not null,
  locations integer not null,
  unlimited_pools integer not null,
  total bigint not null,
  used bigint not null,
  used_unlimited bigint not null,
  available bigint not null,
  retired bigint not null,
  granting bigint not null,
  held_outside bigint not null,
  waiting bigint not null,
  short_pools integer not null,
  unused_pools integer not null,
  not_in_store_pools integer not null,
  not_licensed_pools integer not null,
  not_device_assignable_pools integer not null,
  changed_at timestamp with time zone,
  constraint title_sums_pkey PRIMARY KEY (adam_id)
);
CREATE INDEX title_sums_available ON public.title_sums USING btree ((
CASE
    WHEN (unlimited_pools > 0) THEN '9007199254740991'::bigint
    ELSE available
END), adam_id);
CREATE INDEX title_sums_name ON public.title_sums USING btree (name_key, adam_id);
CREATE INDEX title_sums_used ON public.title_sums USING btree (((- (used + used_unlimited))), adam_id);
CREATE INDEX title_sums_waiting ON public.title_sums USING btree (((- waiting)), adam_id);

create table titles (
  country text not null,
  adam_id text not null,
  kind text,
  name text,
  publisher text,
  bundle_id text,
  device_families text[] not null default '{}'::text[],
  version text,
  minimum_os text,
  price numeric,
  price_text text,
  genres text[] not null default '{}'::text[],
  store_url text,
  release_date text,
  description text,
  artwork_url text,
  is_custom boolean not null default false,
  looked_up_at timestamp with time zone not null,
  found_at timestamp with time zone,
  source text,
  families text[] not null default '{}'::text[],
  absent_since timestamp with time zone,
  not_in_store_since timestamp with time zone,
  constraint titles_pkey PRIMARY KEY (country, adam_id),
  constraint titles_adam_id_check CHECK ((adam_id <> ''::text)),
  constraint titles_kind_check CHECK ((kind = ANY (ARRAY['app'::text, 'mac_app'::text, 'book'::text]))),
  constraint titles_source_check CHECK ((source = ANY (ARRAY['organization-api'::text, 'content-lookup'::text, 'public-lookup'::text])))
);
CREATE TRIGGER titles_mark_changed_title AFTER UPDATE ON public.titles FOR EACH ROW WHEN (((((((old.name IS DISTINCT FROM new.name) OR (old.publisher IS DISTINCT FROM new.publisher)) OR (old.bundle_id IS DISTINCT FROM new.bundle_id)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.families IS DISTINCT FROM new.families)) OR (old.not_in_store_since IS DISTINCT FROM new.not_in_store_since))) EXECUTE FUNCTION mark_title();
CREATE TRIGGER titles_mark_title AFTER INSERT OR DELETE ON public.titles FOR EACH ROW EXECUTE FUNCTION mark_title();

create table user_operations (
  id uuid not null,
  location_id integer not null,
  kind text not null,
  state text not null,
  client_user_ids text[] not null,
  recorded_at timestamp with time zone not null,
  sent_at timestamp with time zone,
  event_id text,
  next_look_at timestamp with time zone,
  finished_at timestamp with time zone,
  attempts integer not null default 0,
  problem_number integer,
  problem_detail text,
  constraint user_operations_pkey PRIMARY KEY (id),
  constraint user_operations_location_id_fkey FOREIGN KEY (location_id) REFERENCES locations(id) ON DELETE CASCADE,
  constraint user_operations_check CHECK (((state = 'sent'::text) <= (event_id IS NOT NULL))),
  constraint user_operations_check1 CHECK (((state = ANY (ARRAY['done'::text, 'partly'::text, 'failed'::text])) = (finished_at IS NOT NULL))),
  constraint user_operations_client_user_ids_check CHECK ((cardinality(client_user_ids) > 0)),
  constraint user_operations_kind_check CHECK ((kind = ANY (ARRAY['create'::text, 'update'::text]))),
  constraint user_operations_state_check CHECK ((state = ANY (ARRAY['recorded'::text, 'sending'::text, 'sent'::text, 'unknown'::text, 'done'::text, 'partly'::text, 'failed'::text])))
);
CREATE INDEX user_operations_event ON public.user_operations USING btree (location_id, event_id) WHERE (event_id IS NOT NULL);
CREATE INDEX user_operations_location ON public.user_operations USING btree (location_id);
CREATE INDEX user_operations_open ON public.user_operations USING btree (location_id, state, recorded_at) WHERE (finished_at IS NULL);

create table users (
  id integer not null generated always as identity,
  user_name text not null,
  name text not null default ''::text,
  email text,
  department text,
  client_user_id uuid not null default gen_random_uuid(),
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  active boolean not null default true,
  managed_apple_account text,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_client_user_id_key UNIQUE (client_user_id),
  constraint users_managed_apple_account_check CHECK (((managed_apple_account <> ''::text) AND (length(managed_apple_account) <= 320))),
  constraint users_user_name_check CHECK (((user_name <> ''::text) AND (length(user_name) <= 320)))
);
CREATE INDEX users_client_user_id_text ON public.users USING btree (((client_user_id)::text));
CREATE INDEX users_inactive ON public.users USING btree (id) WHERE (NOT active);
CREATE INDEX users_name ON public.users USING btree (lower(name) text_pattern_ops, id);
CREATE UNIQUE INDEX users_user_name ON public.users USING btree (lower(user_name) text_pattern_ops);
CREATE TRIGGER users_ask_for_registration AFTER UPDATE OF email, managed_apple_account ON public.users FOR EACH ROW WHEN (((old.email IS DISTINCT FROM new.email) OR (old.managed_apple_account IS DISTINCT FROM new.managed_apple_account))) EXECUTE FUNCTION ask_for_changed_person();

create table webhooks (
  path_key text not null,
  uid text not null,
  secret_hash bytea not null,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  last_heard_at timestamp with time zone,
  constraint webhooks_pkey PRIMARY KEY (path_key),
  constraint webhooks_path_key_check CHECK ((length(path_key) >= 20)),
  constraint webhooks_secret_hash_check CHECK ((length(secret_hash) = 32))
);
CREATE INDEX webhooks_uid ON public.webhooks USING btree (uid);

create view group_people as
 SELECT c.group_id,
    m.user_id
   FROM group_closure c
     JOIN group_users m ON m.group_id = c.member_group_id
     JOIN users u ON u.id = m.user_id AND u.active
UNION ALL
 SELECT g.id AS group_id,
    u.id AS user_id
   FROM groups g
     JOIN users u ON u.active
  WHERE g.built_in = 'all_users'::text;

create view group_reach as
 SELECT c.group_id,
    m.device_id
   FROM group_closure c
     JOIN group_devices m ON m.group_id = c.member_group_id
UNION ALL
 SELECT c.group_id,
    d.id AS device_id
   FROM group_closure c
     JOIN group_users m ON m.group_id = c.member_group_id
     JOIN users u ON u.id = m.user_id AND u.active
     JOIN devices d ON d.user_id = u.id
UNION ALL
 SELECT g.id AS group_id,
    d.id AS device_id
   FROM groups g
     CROSS JOIN devices d
  WHERE g.built_in = 'all_devices'::text
UNION ALL
 SELECT g.id AS group_id,
    d.id AS device_id
   FROM groups g
     CROSS JOIN devices d
     JOIN users u ON u.id = d.user_id AND u.active
  WHERE g.built_in = 'all_users'::text;

create view known_assets as
 SELECT a.id AS asset_id,
    a.location_id,
    a.adam_id,
    l.name AS location_name,
    l.country
   FROM assets a
     JOIN locations l ON l.id = a.location_id
UNION ALL
 SELECT f.asset_id,
    f.location_id,
    f.adam_id,
    COALESCE(l.name, o.name) AS location_name,
    COALESCE(l.country, o.country) AS country
   FROM former_assets f
     LEFT JOIN locations l ON l.id = f.location_id
     LEFT JOIN former_locations o ON o.id = f.location_id
  WHERE NOT (EXISTS ( SELECT
           FROM assets a
          WHERE a.id = f.asset_id));
