-- What every feature stands on: people who administer, their sessions and keys, the audit log,
-- settings, and the outbox. Runs on PostgreSQL 15 and later.

create table administrators (
  id uuid primary key,
  email text not null check (email = btrim(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  name text not null check (name = btrim(name) and length(name) between 1 and 200),
  -- Null until the person has chosen a password; then a PHC string, never the password.
  password_hash text check (password_hash like '$%'),
  language text not null default 'en' check (language in ('en', 'nl')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create unique index administrators_email on administrators (lower(email));

create table sessions (
  -- SHA-256 of the cookie's value: a copy of the table signs nobody in.
  id_hash bytea primary key check (octet_length(id_hash) = 32),
  administrator_id uuid not null references administrators (id) on delete cascade,
  csrf_token text not null check (length(csrf_token) >= 22),
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_agent text check (length(user_agent) <= 512),
  check (expires_at > created_at)
);

create index sessions_administrator on sessions (administrator_id);
create index sessions_expiry on sessions (expires_at);

create table api_keys (
  id uuid primary key,
  name text not null check (name = btrim(name) and length(name) between 1 and 200),
  key_hash bytea not null unique check (octet_length(key_hash) = 32),
  administrator_id uuid not null references administrators (id) on delete cascade,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  check (expires_at > created_at)
);

create index api_keys_administrator on api_keys (administrator_id);

-- One row at most: the code with which the first administrator is made.
create table setup_codes (
  only_row boolean primary key default true check (only_row),
  code_hash bytea not null check (octet_length(code_hash) = 32),
  created_at timestamptz not null default now(),
  used_at timestamptz
);

create table audit_entries (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('administrator', 'api_key', 'system', 'command_line')),
  actor_id text,
  actor_name text not null check (actor_name <> ''),
  action text not null check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  subject_kind text not null check (subject_kind ~ '^[a-z_]+$'),
  subject_id text,
  subject_name text,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  -- SHA-256 of the entry before and of this one; the first entry follows 32 zero bytes.
  previous_hash bytea not null check (octet_length(previous_hash) = 32),
  hash bytea not null unique check (octet_length(hash) = 32),
  -- No two entries can follow the same one, so the chain cannot fork.
  unique (previous_hash),
  check (actor_kind = 'system' or actor_kind = 'command_line' or actor_id is not null)
);

create index audit_entries_subject on audit_entries (subject_kind, subject_id, seq);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only: % refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end
$$;

create trigger audit_entries_append_only
  before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();

create table settings (
  key text primary key check (key ~ '^[a-z0-9_.-]+$'),
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- "Look again at this." Insert with ON CONFLICT DO NOTHING; a reader deletes the row and works in the
-- same transaction, so that a row inserted meanwhile waits for it and is not lost.
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null check (topic ~ '^[a-z_]+(\.[a-z_]+)*$'),
  location_id integer,
  key text not null,
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique nulls not distinct (topic, location_id, key)
);

create index outbox_topic on outbox (topic, id);

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('outbox', topics.topic) from (select distinct topic from inserted) as topics;
  return null;
end
$$;

create trigger outbox_notify
  after insert on outbox
  referencing new table as inserted
  for each statement execute function notify_outbox();
