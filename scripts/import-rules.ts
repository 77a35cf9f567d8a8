/** Who may import whom, as docs/architecture.md says under "Parts"; pure. */
import { posix } from 'node:path'

export interface SourceFile {
  /** From the project's root, with `/`. */
  readonly path: string
  readonly text: string
}

export interface Violation {
  readonly file: string
  /** As it is written in the file. */
  readonly imported: string
  readonly rule: string
}

/** What each package may import of ours. What is not listed (tests, bench, scripts, tools) may import everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'apple-wire': [],
  core: [],
  'api-client': [],
  'apps-books': ['apple-wire'],
  'apple-sim': ['apple-wire'],
  server: ['core', 'apple-wire', 'apps-books'],
  web: ['core', 'api-client'],
  cli: ['api-client'],
}

/** Tests of these packages also use the simulator of Apple. */
const testedWithSimulator = new Set(['server', 'cli', 'web', 'apps-books'])

/** The server's folders: each may import those before it. */
const serverOrder = [
  'platform',
  'config',
  'audit',
  'administrators',
  'tokens',
  'catalog',
  'licenses',
  'ledger',
  'people',
  'directory',
  'devices',
  'mdm',
  'forecast',
  'assignments',
  'titles',
  'idle',
  'interventions',
  'installs',
  'nanomdm',
  'overview',
]

/** Core's folders: each may import those before it. */
const coreOrder = [
  'tokens',
  'catalog',
  'licenses',
  'people',
  'directory',
  'devices',
  'assignments',
  'installs',
]

/** Files beside the server's folders that put the parts together. A feature knows only what a feature is. */
const serverContract = 'packages/server/src/feature.ts'

/** Every import against the rules, in the order of the files. */
export function violationsIn(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) =>
    importsOf(text).flatMap((imported) => {
      const rule = broken(path, imported)
      return rule === undefined ? [] : [{ file: path, imported, rule }]
    }),
  )
}

const importForms = [
  // import … from '…' and export … from '…', also the last line of one that spans several.
  /^\s*(?:import\b|export\b|\})[^'"`\n]*\bfrom\s+['"]([^'"\n]+)['"]/gm,
  /^\s*import\s+['"]([^'"\n]+)['"]/gm,
  /\bimport\(\s*['"]([^'"\n]+)['"]\s*[,)]/g,
]

/** What a file imports, types included. */
export function importsOf(text: string): readonly string[] {
  return importForms.flatMap((form) => [...text.matchAll(form)].flatMap((match) => match[1] ?? []))
}

function broken(file: string, imported: string): string | undefined {
  const target = targetOf(file, imported)
  if (target === undefined) return undefined
  return (
    brokenByPath(file, imported, target) ??
    brokenByPackage(file, target) ??
    brokenByOrder(file, target, { folder: 'packages/server/src', order: serverOrder }) ??
    brokenByOrder(file, target, { folder: 'packages/core/src', order: coreOrder }) ??
    brokenByComposition(file, target)
  )
}

/** The file that an import of ours means; nothing for libraries. */
function targetOf(file: string, imported: string): string | undefined {
  if (imported.startsWith('.')) return posix.join(posix.dirname(file), imported)
  const ours = /^@apportion\/([\w-]+)(?:\/(.+))?$/.exec(imported)
  return ours === null ? undefined : `packages/${ours[1]}/src/${ours[2] ?? ''}`
}

const packageOf = (path: string): string | undefined => /^packages\/([\w-]+)\//.exec(path)?.[1]

const isTest = (path: string): boolean => /^packages\/[\w-]+\/test\//.test(path) || /\.test\.tsx?$/.test(path)

function brokenByPath(file: string, imported: string, target: string): string | undefined {
  const [from, to] = [packageOf(file), packageOf(target)]
  if (!imported.startsWith('.') || to === undefined || from === to) return undefined
  // Support of tests is no part of what a package offers, so it has no name to be imported by.
  if (/^packages\/[\w-]+\/test\/support\//.test(target) && (from === undefined || isTest(file)))
    return undefined
  return `another package is imported by its name, @apportion/${to}/…`
}

function brokenByPackage(file: string, target: string): string | undefined {
  const [from, to] = [packageOf(file), packageOf(target)]
  if (from === undefined || to === undefined || from === to) return undefined
  const list = allowed[from]
  if (list === undefined) return `packages/${from} is not in the table of packages`
  if (list.includes(to)) return undefined
  if (to === 'apple-sim' && isTest(file) && testedWithSimulator.has(from)) return undefined
  return `${from} may import ${list.length === 0 ? 'nothing of ours' : `only ${list.join(', ')}`}`
}

interface Layers {
  readonly folder: string
  readonly order: readonly string[]
}

function brokenByOrder(file: string, target: string, { folder, order }: Layers): string | undefined {
  const [from, to] = [folderIn(folder, file), folderIn(folder, target)]
  if (from === undefined || to === undefined || from === to || isTest(file)) return undefined
  for (const each of [from, to]) {
    if (!order.includes(each)) return `${folder}/${each} has no place in the order ${order.join(' < ')}`
  }
  if (order.indexOf(to) < order.indexOf(from)) return undefined
  return `${from} comes before ${to} in the order ${order.join(' < ')}`
}

function folderIn(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined
  const [first, ...rest] = path.slice(folder.length + 1).split('/')
  return rest.length === 0 ? undefined : first
}

function brokenByComposition(file: string, target: string): string | undefined {
  const folder = 'packages/server/src'
  const fromFolder = folderIn(folder, file) !== undefined && !isTest(file)
  const toComposition =
    posix.dirname(target) === folder && target.replace(/(\.ts)?$/, '.ts') !== serverContract
  if (!fromFolder || !toComposition) return undefined
  return 'the files that put the server together import the folders, never the other way round'
}
