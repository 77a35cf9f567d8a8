/** The declarations that a device holds (declarative management): which of them are valid, and which are active. */
import {
  assetOf,
  configurationsOf,
  type DeclarationReason,
  type GivenDeclaration,
  problemsOf,
  type Surroundings,
} from './declaration-payloads.ts'

/** A declaration with what the device makes of it. */
export interface JudgedDeclaration extends GivenDeclaration {
  readonly valid: boolean
  /** In force. A configuration stays so while its asset cannot be fetched, and is not valid then. */
  readonly active: boolean
  readonly reasons: readonly DeclarationReason[]
}

/** The device that judges. */
export interface Judge extends Omit<Surroundings, 'there' | 'assets'> {
  /** Why the file of an asset is not there. */
  readonly missingFile: (identifier: string) => DeclarationReason | undefined
}

/** What each declaration comes to on this device. */
export function judge(
  declarations: readonly GivenDeclaration[],
  device: Judge,
): readonly JudgedDeclaration[] {
  const found = problemsOfAll(declarations, device)
  const activated = new Set(
    found.flatMap(({ each, reasons }) =>
      each.kind === 'activation' && reasons.length === 0 ? configurationsOf(each) : [],
    ),
  )
  const referenced = new Set(declarations.flatMap((each) => assetOf(each) ?? []))
  return found.map(({ each, reasons }) => {
    const holds = reasons.length === 0
    const idle = idleness(each, { activated, referenced })
    const missing = holds ? device.missingFile(assetOf(each) ?? each.identifier) : undefined
    const isOn = holds && idle === undefined
    if (missing !== undefined) return { ...each, valid: false, active: isOn, reasons: [missing] }
    return { ...each, valid: holds, active: isOn, reasons: holds && idle !== undefined ? [idle] : reasons }
  })
}

interface Found {
  readonly each: GivenDeclaration
  readonly reasons: readonly DeclarationReason[]
}

/** An asset that does not hold is as good as none. */
function problemsOfAll(declarations: readonly GivenDeclaration[], device: Judge): readonly Found[] {
  const idsOf = (those: readonly GivenDeclaration[]) => new Set(those.map(({ identifier }) => identifier))
  const there = idsOf(declarations.filter(({ kind }) => kind === 'configuration'))
  const allAssets = declarations.filter(({ kind }) => kind === 'asset')
  const around = { ...device, there, assets: new Set<string>() }
  const assets = idsOf(allAssets.filter((each) => problemsOf(each, around).length === 0))
  return declarations.map((each) => ({ each, reasons: problemsOf(each, { ...around, assets }) }))
}

/** Why something that holds does nothing. */
function idleness(
  { kind, identifier }: GivenDeclaration,
  { activated, referenced }: Readonly<Record<'activated' | 'referenced', ReadonlySet<string>>>,
): DeclarationReason | undefined {
  if (kind === 'activation') return undefined
  if (kind === 'asset') {
    if (referenced.has(identifier)) return undefined
    return { code: 'Info.NotReferencedByConfiguration', description: 'No configuration names it' }
  }
  if (activated.has(identifier)) return undefined
  return { code: 'Info.NotReferencedByActivation', description: 'No activation names it' }
}
