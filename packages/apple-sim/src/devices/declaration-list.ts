/** The list of declarations that a server gives, and each declaration, as far as a device can follow them. */
import { type DeclarationKind, declarationKinds } from '@apportion/apple-wire/declarative'
import type { GivenDeclaration } from './declaration-payloads.ts'
import { isObject, type JsonObject, objectIn, textIn } from './json.ts'

/** The conversation broke; it is tried again. */
export class SyncFailed extends Error {
  override readonly name = 'SyncFailed'
}

/** A declaration that the device is to hold. */
export interface Listed {
  readonly kind: DeclarationKind
  readonly identifier: string
  readonly serverToken: string
}

/** What a declaration is known by: two kinds may have one identifier. */
export const keyOf = ({ kind, identifier }: Pick<Listed, 'kind' | 'identifier'>): string =>
  `${kind}/${identifier}`

const PLURALS: Readonly<Record<DeclarationKind, string>> = {
  activation: 'Activations',
  configuration: 'Configurations',
  asset: 'Assets',
  management: 'Management',
}

/** All four lists have to be there. Throws SyncFailed. */
export function listedIn(declarations: JsonObject): readonly Listed[] {
  return declarationKinds.flatMap((kind) => {
    const list = declarations[PLURALS[kind]]
    if (!Array.isArray(list)) throw new SyncFailed(`${PLURALS[kind]} is missing`)
    return list.map((item: unknown) => {
      const identifier = isObject(item) ? textIn(item, 'Identifier') : undefined
      const serverToken = isObject(item) ? textIn(item, 'ServerToken') : undefined
      if (identifier === undefined || serverToken === undefined || isTooLong(identifier, serverToken)) {
        throw new SyncFailed(`An item of ${PLURALS[kind]} is not as it has to be`)
      }
      return { kind, identifier, serverToken }
    })
  })
}

const isTooLong = (...texts: readonly string[]): boolean => texts.some((text) => Buffer.byteLength(text) > 64)

/** What was fetched has to be what was listed. Throws SyncFailed. */
export function declarationOf({ kind, identifier }: Listed, given: JsonObject): GivenDeclaration {
  const [type, serverToken] = [textIn(given, 'Type'), textIn(given, 'ServerToken')]
  const payload = objectIn(given, 'Payload')
  const isIt = textIn(given, 'Identifier') === identifier
  if (!isIt || type === undefined || serverToken === undefined || payload === undefined) {
    throw new SyncFailed(`The declaration ${identifier} is not as it has to be`)
  }
  return { kind, type, identifier, serverToken, payload }
}
