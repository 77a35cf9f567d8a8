/**
 * Puts the packages of other platforms back into package-lock.json.
 *
 *     node scripts/complete-lockfile.ts             after npm install
 *     node scripts/complete-lockfile.ts --check     exits 1 and names what is missing
 *
 * npm leaves packages out of the lockfile that are optional, made for another platform, and not offered by the
 * registry in use; `npm ci` then refuses the lockfile everywhere. They are named here by what their parents ask for.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'x64', 'ppc64', 'riscv64', 's390x', 'ia32', 'loong64', 'wasm32', 'arm']

const file = join(import.meta.dirname, '..', 'package-lock.json')

const entry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
const lockfile = z.looseObject({ packages: z.record(z.string(), entry) })

const lock = lockfile.parse(JSON.parse(await readFile(file, 'utf8')))
const missing = missingPackages(lock.packages)

if (process.argv.includes('--check')) {
  for (const [path] of missing)
    console.error(`package-lock.json lacks ${path}: run node scripts/complete-lockfile.ts`)
  process.exitCode = missing.length === 0 ? 0 : 1
} else if (missing.length > 0) {
  const packages = Object.fromEntries([...Object.entries(lock.packages), ...missing].toSorted(byPath))
  await writeFile(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`)
  console.log(`${missing.length} packages of other platforms put back into package-lock.json`)
}

type Entry = z.output<typeof entry>

/** Optional packages that a locked one asks for, in exactly one version, and that are not locked. */
function missingPackages(packages: Readonly<Record<string, Entry>>): readonly (readonly [string, Entry])[] {
  const found = new Map<string, Entry>()
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const isExact = /^\d+\.\d+\.\d+[\w.+-]*$/.test(version)
      const known = `node_modules/${name}` in packages || `${parent}/node_modules/${name}` in packages
      if (known || !isExact) continue
      found.set(`node_modules/${name}`, {
        version,
        ...(dev === true ? { dev } : {}),
        optional: true,
        ...platformOf(name),
      })
    }
  }
  return [...found]
}

/** What the name tells of the platform: `binding-linux-x64-musl`. */
function platformOf(name: string): Record<string, readonly string[]> {
  const os = systems.find((each) => name.includes(each))
  const cpu = processors.find((each) => name.includes(each))
  const libc = name.includes('musl') ? 'musl' : name.includes('gnu') && os === 'linux' ? 'glibc' : undefined
  return {
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  }
}

function byPath([a]: readonly [string, Entry], [b]: readonly [string, Entry]): number {
  return a < b ? -1 : 1
}
