/**
 * The schema of a database as readable text, made from PostgreSQL's catalogs: what all migrations together come
 * to. The same on every supported version (but for the text of views, which each version words its own way), so that
 * a review of `schema.sql` shows what a migration changes.
 */
import type pg from 'pg'

interface Table {
  readonly oid: number
  readonly name: string
  readonly options: string | null
  readonly partition_key: string | null
  readonly partition_of: string | null
}

/** Everything in the schema `public`: types, functions, sequences, tables with all that belongs to them, views. */
export async function dumpSchema(client: pg.ClientBase): Promise<string> {
  const parts = [
    '-- The schema after all migrations. Made by `npm run build:schema`; change it with a migration.',
    ...(await statements(client, extensions)),
    ...(await statements(client, types)),
    ...(await statements(client, sequences)),
    ...(await statements(client, functions)),
  ]
  const { rows: tables } = await client.query<Table>(tablesQuery)
  for (const table of tables) parts.push(await dumpTable(client, table))
  parts.push(...(await statements(client, views)))
  return `${parts.join('\n\n')}\n`
}

/** The lines of which two dumps differ, `-` for the first and `+` for the second; at most `limit` of them. */
export function differingLines(before: string, after: string, limit = 20): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const removed = surplus(old, now).map((line) => `- ${line}`)
  const added = surplus(now, old).map((line) => `+ ${line}`)
  const moved =
    removed.length + added.length === 0 && before !== after ? ['the same lines in another order'] : []
  return [...removed, ...added, ...moved].slice(0, limit)
}

/** The lines that `of` has more often than `than`. */
function surplus(of: readonly string[], than: readonly string[]): readonly string[] {
  const spare = new Map<string, number>()
  for (const line of than) spare.set(line, (spare.get(line) ?? 0) + 1)
  return of.filter((line) => {
    const left = spare.get(line) ?? 0
    spare.set(line, left - 1)
    return left <= 0
  })
}

async function dumpTable(client: pg.ClientBase, table: Table): Promise<string> {
  const columns = await statements(client, columnsQuery, [table.oid])
  const constraints = await statements(client, constraintsQuery, [table.oid])
  const indexes = await statements(client, indexesQuery, [table.oid])
  const triggers = await statements(client, triggersQuery, [table.oid])
  const partition = table.partition_key === null ? '' : ` partition by ${table.partition_key}`
  const options = table.options === null ? '' : ` with (${table.options})`
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n')
  const head = `create table ${table.name} (\n${body}\n)${partition}${options};`
  const attached = table.partition_of === null ? [] : [`alter table ${table.partition_of};`]
  return [head, ...attached, ...indexes, ...triggers].join('\n')
}

/** Each query gives one column, `line`, in the order of the dump. */
async function statements(
  client: pg.ClientBase,
  query: string,
  values: unknown[] = [],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(query, values)
  return rows.map(({ line }) => line)
}

/** Objects of extensions belong to the extension, not to us. */
const ours = (catalog: string, oid: string) => `not exists (
  select from pg_depend where classid = '${catalog}'::regclass and objid = ${oid} and deptype = 'e')`

const extensions = `
  select 'create extension ' || quote_ident(extname) || ';' as line
    from pg_extension where extname <> 'plpgsql' order by extname`

const types = `
  select case t.typtype
      when 'e' then 'create type ' || t.oid::regtype || ' as enum (' ||
        (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid) || ');'
      else 'create domain ' || t.oid::regtype || ' as ' || format_type(t.typbasetype, t.typtypmod) ||
        case when t.typnotnull then ' not null' else '' end ||
        coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname)
                    from pg_constraint c where c.contypid = t.oid and c.contype = 'c'), '') || ';'
    end as line
    from pg_type t
   where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd') and ${ours('pg_type', 't.oid')}
   order by t.typname`

/** Those of identity columns are part of the column. */
const sequences = `
  select 'create sequence ' || c.oid::regclass || ' as ' || format_type(s.seqtypid, null) || ';' as line
    from pg_class c join pg_sequence s on s.seqrelid = c.oid
   where c.relnamespace = 'public'::regnamespace
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
   order by c.relname`

const functions = `
  select rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' as line
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p') and ${ours('pg_proc', 'p.oid')}
   order by p.proname, pg_get_function_identity_arguments(p.oid)`

const tablesQuery = `
  select c.oid::int as oid, c.oid::regclass::text as name, array_to_string(c.reloptions, ', ') as options,
         pg_get_partkeydef(c.oid) as partition_key,
         (select i.inhparent::regclass || ' attach partition ' || c.oid::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid)
            from pg_inherits i where i.inhrelid = c.oid) as partition_of
    from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and ${ours('pg_class', 'c.oid')}
   order by c.relname`

const columnsQuery = `
  select quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
         case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end ||
         case when a.attnotnull then ' not null' else '' end ||
         case when a.attgenerated <> '' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
              when a.attidentity = 'a' then ' generated always as identity'
              when a.attidentity = 'd' then ' generated by default as identity'
              when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid)
              else '' end as line
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
   order by a.attnum`

/** NOT NULL is shown at the column; only newer versions list it as a constraint too. */
const constraintsQuery = `
  select 'constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) as line
    from pg_constraint
   where conrelid = $1 and contype in ('p', 'u', 'f', 'c', 'x') and conparentid = 0
   order by position(contype in 'pufcx'), conname`

const indexesQuery = `
  select pg_get_indexdef(i.indexrelid) || ';' as line
    from pg_index i join pg_class c on c.oid = i.indexrelid
   where i.indrelid = $1
     and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     and not exists (select from pg_inherits h where h.inhrelid = i.indexrelid)
   order by c.relname`

const triggersQuery = `
  select pg_get_triggerdef(oid) || ';' as line
    from pg_trigger where tgrelid = $1 and not tgisinternal and tgparentid = 0 order by tgname`

const views = `
  select 'create ' || case c.relkind when 'm' then 'materialized view ' else 'view ' end || c.oid::regclass || E' as\\n' ||
         pg_get_viewdef(c.oid, true) as line
    from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm') and ${ours('pg_class', 'c.oid')}
   order by c.relname`
