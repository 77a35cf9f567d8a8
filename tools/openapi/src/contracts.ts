/** Finds every contract that a feature of the server declares, so that none is forgotten in the document. */
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Contract } from '@apportion/server/platform/http/routes'

/** A contract and where it stands, for messages. */
export interface FoundContract {
  readonly contract: Contract
  /** Path of the schema file, from the repository's root. */
  readonly file: string
  readonly exportName: string
}

/** All contracts exported by `packages/server/src/<feature>/schema.ts` and `…-schema.ts`, by file, in declared order. */
export async function findContracts(root: string): Promise<readonly FoundContract[]> {
  const files: string[] = []
  for await (const file of glob('packages/server/src/**/{schema,*-schema}.ts', { cwd: root }))
    files.push(file)
  const found: FoundContract[] = []
  for (const file of files.sort()) {
    const module: unknown = await import(pathToFileURL(join(root, file)).href)
    for (const [exportName, value] of Object.entries(module ?? {})) {
      if (isContract(value)) found.push({ contract: value, file, exportName })
    }
  }
  return found
}

/** Two contracts under one operationId or one method and path, each as a sentence; empty when all is well. */
export function contractClashes(found: readonly FoundContract[]): readonly string[] {
  const seen = new Map<string, FoundContract>()
  const clashes: string[] = []
  for (const here of found) {
    const { operationId, method, url } = here.contract
    for (const key of [`operationId ${operationId}`, `${method} ${url.replace(/:\w+/g, ':…')}`]) {
      const first = seen.get(key)
      if (first === undefined) seen.set(key, here)
      else clashes.push(`${key} is declared twice: ${placeOf(first)} and ${placeOf(here)}`)
    }
  }
  return clashes
}

const placeOf = ({ file, exportName }: FoundContract): string => `${exportName} in ${file}`

function isContract(value: unknown): value is Contract {
  if (typeof value !== 'object' || value === null) return false
  return ['method', 'url', 'operationId', 'response', 'access'].every((key) => key in value)
}
