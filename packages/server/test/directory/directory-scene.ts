/** A server with the directory and a signed-in administrator, and the words that the tests of it use. */
import { directoryFeature } from '../../src/directory/feature.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

/** What the answers of the directory hold, each some of it; a test names what it expects. */
export interface AnswerBody {
  readonly id: number
  readonly code: string
  readonly detail: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly items: readonly AnswerItem[]
  readonly nextCursor: string | null
  readonly rejections: readonly { readonly line: number }[]
  readonly groups: readonly { readonly name: string }[]
}

export interface AnswerItem {
  readonly id: number
  readonly name: string
  readonly serialNumber: string
  readonly userName: string
  readonly fileName: string
}

export interface DirectoryAnswer {
  readonly status: number
  readonly json: AnswerBody
}

export interface DirectoryScene extends AsyncDisposable {
  readonly server: TestServer
  get(path: string): Promise<DirectoryAnswer>
  post(path: string, body: unknown): Promise<DirectoryAnswer>
  send(method: string, path: string, body?: unknown): Promise<DirectoryAnswer>
  /** Imports a file as it stands. */
  importFile(
    kind: string,
    file: string | Uint8Array,
    more?: Readonly<Record<string, string>>,
  ): Promise<DirectoryAnswer>
  /** Rows of a query on the database. */
  rows<Row extends object>(query: string, values?: unknown[]): Promise<Row[]>
  /** Back to an empty directory without assets. */
  clear(): Promise<void>
  /** The asset ids that somebody asked to look at again; forgets them. */
  signals(): Promise<number[]>
}

export async function openDirectory(): Promise<DirectoryScene> {
  const server = await startTestServer({ features: [directoryFeature] })
  const browser = await server.signedIn()
  const { pool } = server.database
  const send = async (method: string, path: string, body?: unknown): Promise<DirectoryAnswer> => {
    const { status, text } = await browser.send(method, `/api/v1${path}`, body === undefined ? {} : { body })
    return { status, json: text === '' ? null : JSON.parse(text) }
  }
  return {
    server,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    send,
    importFile: async (kind, file, more = {}) => {
      const query = new URLSearchParams({ kind, ...more })
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(`${server.url}/api/v1/imports?${query.toString()}`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', cookie, 'x-csrf-token': browser.csrfToken ?? '' },
        body: typeof file === 'string' ? file : new Uint8Array(file),
      })
      const text = await response.text()
      return { status: response.status, json: JSON.parse(text) }
    },
    rows: async (query, values) => (await pool.query(query, values)).rows,
    signals: async () => {
      const { rows } = await pool.query<{ asset: number }>(`
        WITH whole AS (DELETE FROM outbox RETURNING key::int AS asset),
          devices AS (DELETE FROM device_looks RETURNING asset_id AS asset)
        SELECT asset FROM whole UNION SELECT asset FROM devices ORDER BY asset`)
      return rows.map(({ asset }) => asset)
    },
    clear: async () => {
      await pool.query(
        `TRUNCATE imports, devices, users, group_devices, group_users, outbox, locations, titles, licenses CASCADE`,
      )
      await pool.query('DELETE FROM groups WHERE built_in IS NULL')
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The id of a built-in group. */
export async function builtIn(scene: DirectoryScene, kind: 'all_devices' | 'all_users'): Promise<number> {
  const [group] = await scene.rows<{ id: number }>('SELECT id FROM groups WHERE built_in = $1', [kind])
  return group?.id ?? 0
}

/** A new group. Gives its id. */
export async function makeGroup(
  scene: DirectoryScene,
  kind: 'device' | 'user',
  name: string,
): Promise<number> {
  const { json } = await scene.post('/groups', { kind, name })
  return json.id
}

/** An asset at a location, required for a group. Gives its id. */
export async function assignAsset(scene: DirectoryScene, groupId: number, name: string): Promise<number> {
  await scene.rows(`INSERT INTO locations (uid, name, organization_name, account_type, country, store_platform,
      token_sealed, token_hash, token_expires_at, token_uploaded_at, mdm_id, next_sync_at, created_at)
    VALUES ('uid-1', 'Main Street', 'Org', 'education', 'NL', 'volumestore', '\\x00', decode(repeat('00', 32), 'hex'),
      now(), now(), gen_random_uuid(), now(), now()) ON CONFLICT DO NOTHING`)
  const [asset] = await scene.rows<{ id: number }>(
    `INSERT INTO assets (location_id, adam_id, pricing_param, product_type, total, assigned, available, retired,
       device_assignable, revocable, counted_at, first_seen_at)
     SELECT id, (SELECT 361309726 + count(*) FROM assets)::text, 'STDQ', 'App', 100, 0, 100, 0, true, true, now(), now()
     FROM locations RETURNING id`,
  )
  const id = asset?.id ?? 0
  await scene.rows(
    `INSERT INTO titles (country, adam_id, name, looked_up_at, found_at, artwork_url)
     SELECT 'NL', adam_id, $2, now(), now(), 'https://example.org/icon.png' FROM assets WHERE id = $1`,
    [id, name],
  )
  await scene.rows(
    `INSERT INTO assignments (asset_id, group_id, mode, intent, created_at, created_by)
     VALUES ($1, $2, 'include', 'required', now(), 'Ada')`,
    [id, groupId],
  )
  return id
}
