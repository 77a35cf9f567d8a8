/**
 * Writes packages/api-client/openapi.json from the contracts of the server's features, and the
 * client's types from that document.
 *
 *     npm run build:openapi              writes both files
 *     npm run build:openapi -- --check   exits 1 and names the difference when they are stale
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contractClashes, findContracts } from '@apportion/openapi-tool/contracts'
import { differencesOf } from '@apportion/openapi-tool/difference'
import { documentOf } from '@apportion/openapi-tool/document'
import { typesOf } from '@apportion/openapi-tool/types'

const root = join(import.meta.dirname, '..')
const documentFile = 'packages/api-client/openapi.json'
const typesFile = 'packages/api-client/src/schema.d.ts'

const found = await findContracts(root)
const clashes = contractClashes(found)
if (clashes.length > 0) fail(clashes)

const version = await versionOf('packages/server/package.json')
const document = await documentOf(
  found.map(({ contract }) => contract),
  version,
)
const built = {
  [documentFile]: `${JSON.stringify(document, null, 2)}\n`,
  [typesFile]: await typesOf(document),
}

if (process.argv.includes('--check')) await check()
else await write()

async function write(): Promise<void> {
  for (const [file, text] of Object.entries(built)) await writeFile(join(root, file), text)
  console.log(`${found.length} operations in ${Object.keys(built).join(' and ')}`)
}

async function check(): Promise<void> {
  const committed = await read(documentFile)
  const stale: string[] = []
  if (committed !== built[documentFile]) {
    const differences = differencesOf(parsed(committed), document)
    stale.push(`${documentFile} is stale:`, ...differences.map((difference) => `  ${difference}`))
  }
  if ((await read(typesFile)) !== built[typesFile]) stale.push(`${typesFile} is stale`)
  if (stale.length > 0) fail([...stale, 'Run: npm run build:openapi'])
  console.log(`${found.length} operations, up to date`)
}

async function read(file: string): Promise<string> {
  return await readFile(join(root, file), 'utf8').catch(() => '')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

async function versionOf(file: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, file), 'utf8'))
  return String(Reflect.get(Object(manifest), 'version'))
}

function fail(lines: readonly string[]): never {
  console.error(lines.join('\n'))
  process.exit(1)
}
