import { withClient } from '@apportion/server/platform/db/copy'
import { differingLines, dumpSchema } from '@apportion/server/platform/db/schema-dump'
import { expect, test } from 'vitest'
import { availablePostgresServers, createTestDatabase } from '../support/test-database.ts'

const everyKind = `
  create type tone as enum ('low', 'high');
  create domain percent as int not null check (value between 0 and 100);
  create sequence tickets as bigint;
  create function double(n int) returns int language sql immutable as $$ select n * 2 $$;
  create function react() returns trigger language plpgsql as $$ begin return new; end $$;
  create table bells (
    id bigint generated always as identity primary key,
    tone tone not null default 'low',
    loudness percent,
    name text collate "C" unique check (name <> ''),
    twice int generated always as (2 * 2) stored,
    removed text,
    ticket bigint default nextval('tickets')
  ) with (fillfactor = 70);
  alter table bells drop column removed;
  create table "odd name" (bell bigint references bells on delete cascade, at date);
  create index bells_low on bells (name) where tone = 'low';
  create trigger bells_react after insert on bells for each row execute function react();
  create table rings (bell bigint not null, at date not null, primary key (bell, at)) partition by range (at);
  create table rings_2026 partition of rings for values from ('2026-01-01') to ('2027-01-01');
`

const expected = `-- The schema after all migrations. Made by \`npm run build:schema\`; change it with a migration.

create domain percent as integer not null CHECK (((VALUE >= 0) AND (VALUE <= 100)));

create type tone as enum ('low', 'high');

create sequence tickets as bigint;

CREATE OR REPLACE FUNCTION public.double(n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$ select n * 2 $function$;

CREATE OR REPLACE FUNCTION public.react()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin return new; end $function$;

create table bells (
  id bigint not null generated always as identity,
  tone tone not null default 'low'::tone,
  loudness percent,
  name text collate "C",
  twice integer generated always as ((2 * 2)) stored,
  ticket bigint default nextval('tickets'::regclass),
  constraint bells_pkey PRIMARY KEY (id),
  constraint bells_name_key UNIQUE (name),
  constraint bells_name_check CHECK ((name <> ''::text))
) with (fillfactor=70);
CREATE INDEX bells_low ON public.bells USING btree (name) WHERE (tone = 'low'::tone);
CREATE TRIGGER bells_react AFTER INSERT ON public.bells FOR EACH ROW EXECUTE FUNCTION react();

create table "odd name" (
  bell bigint,
  at date,
  constraint "odd name_bell_fkey" FOREIGN KEY (bell) REFERENCES bells(id) ON DELETE CASCADE
);

create table rings (
  bell bigint not null,
  at date not null,
  constraint rings_pkey PRIMARY KEY (bell, at)
) partition by RANGE (at);

create table rings_2026 (
  bell bigint not null,
  at date not null
);
alter table rings attach partition rings_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`

for (const server of availablePostgresServers()) {
  test(`on the ${server} PostgreSQL every kind of object is dumped, each in one place`, async () => {
    await using database = await createTestDatabase({ server, migrated: false })
    await database.pool.query(everyKind)
    expect(await withClient(database.pool, dumpSchema)).toBe(expected)
  })
}

test('views are dumped too, in the words of the PostgreSQL that is asked', async () => {
  await using database = await createTestDatabase({ migrated: false })
  await database.pool.query('create view one as select 1 as n; create materialized view two as select 2 as n')
  const dump = await withClient(database.pool, dumpSchema)
  expect(dump).toContain('create view one as\n SELECT 1 AS n;')
  expect(dump).toContain('create materialized view two as\n SELECT 2 AS n;')
})

test('every server that is here gives the same dump of the product’s schema', async () => {
  const dumps = new Set<string>()
  for (const server of availablePostgresServers()) {
    await using database = await createTestDatabase({ server })
    dumps.add(await withClient(database.pool, dumpSchema))
  }
  expect([...dumps]).toHaveLength(1)
})

const differences: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['nothing', 'a\nb', 'a\nb', []],
  ['a line more', 'a', 'a\nb', ['+ b']],
  ['a line less', 'a\nb', 'a', ['- b']],
  ['a changed line', 'a\nb', 'a\nc', ['- b', '+ c']],
  ['a repeated line', 'a', 'a\na', ['+ a']],
  ['another order', 'a\nb', 'b\na', ['the same lines in another order']],
]

for (const [what, before, after, lines] of differences) {
  test(`two dumps that differ by ${what}`, () => {
    expect(differingLines(before, after)).toEqual(lines)
  })
}
