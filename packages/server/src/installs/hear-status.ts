/** What devices report by themselves of their apps (D6): the same steps as when they are asked. */
import type { StatusList } from '@apportion/apple-wire/declarative'
import { advanceByAbsence } from '@apportion/core/installs/advance-by-device'
import type { Install } from '@apportion/core/installs/install'
import { advanceByCommanded, advanceByDeclared, advanceByInvalid } from '@apportion/core/installs/status'
import { sql } from 'kysely'
import type { CommandAnswer, StatusHeard, StatusLine } from '../devices/channel.ts'
import type { Tx } from '../platform/db/database.ts'
import { lookAtDelivery } from '../platform/outbox.ts'
import { adamIdIn, configurationAssetOf, declarationOf } from './declared-apps.ts'
import { showsOneApp } from './single-app.ts'
import { type InstallChange, lockInstallsOf, type StoredInstall, storeInstalls } from './store.ts'

/** What a report changes. */
export async function changesInStatus(
  tx: Tx,
  { enrollment: { id, deviceId }, isWhole, lines, at }: StatusHeard,
): Promise<readonly InstallChange[]> {
  if (deviceId === null) return []
  const installs = await lockInstallsOf(tx, { deviceId, enrollmentId: id })
  const isRefused = lines.some(({ fields }) => fields.reasons !== undefined)
  const singleApp = isRefused && (await showsOneApp(tx, deviceId))
  return installs.flatMap((stored) => {
    // No report tells of books.
    if (stored.isBook) return []
    const line = lines.find((each) => isAbout(each, stored))
    const said = advanceByLine(stored, line, { isWhole, singleApp, at })
    const install = unfollowed(stored, said, { lines, at })
    const settingsProblem = problemOfConfiguration(stored, lines)
    const bundleId = stored.bundleId ?? bundleIdIn(line)
    const externalVersion = line?.fields.externalVersionId ?? stored.externalVersion
    const after = { ...stored, bundleId, externalVersion, settingsProblem, install }
    return [{ before: stored, after }]
  })
}

/** Apps by declaration and apps by command have lists of their own. */
const listOf = ({ declared }: StoredInstall): StatusList =>
  declared === null ? 'mdm.app' : 'app.managed.list'

function isAbout({ list, identifier, fields }: StatusLine, stored: StoredInstall): boolean {
  if (list !== listOf(stored)) return false
  const adamId = adamIdIn(fields.declarationIdentifier)
  if (list === 'app.managed.list' && adamId !== null) return adamId === stored.adamId
  return identifier === stored.bundleId || identifier === stored.adamId
}

/** The identifier of a line is the bundle identifier, once the device knows it. */
const bundleIdIn = (line: StatusLine | undefined): string | null =>
  line?.identifier.includes('.') ? line.identifier : null

function advanceByLine(
  stored: StoredInstall,
  line: StatusLine | undefined,
  { isWhole, singleApp, at }: { readonly isWhole: boolean; readonly singleApp: boolean; readonly at: Date },
): Install {
  const { install, declared } = stored
  if (line === undefined) return isWhole ? advanceByAbsence(install, at) : install
  if (line.removed) return advanceByAbsence(install, at)
  const { state, reasons = [] } = line.fields
  if (state === undefined) return install
  return declared === null
    ? advanceByCommanded(install, state, at)
    : advanceByDeclared(install, { state, reasons, singleApp }, at)
}

/** A declaration that the device does not follow brings nothing. */
function unfollowed(
  { adamId, declared }: StoredInstall,
  install: Install,
  { lines, at }: Pick<StatusHeard, 'lines' | 'at'>,
): Install {
  if (declared === null) return install
  const line = lines.find(
    ({ list, identifier }) =>
      list === 'management.declarations.configurations' && identifier === declarationOf(adamId),
  )
  if (line === undefined || line.removed || line.fields.valid !== 'invalid') return install
  return advanceByInvalid(install, line.fields.reasons ?? [], at)
}

/** Why the device did not get the configuration of a declared app; as before where it says nothing of it. */
function problemOfConfiguration(
  { adamId, declared, settingsProblem }: StoredInstall,
  lines: StatusHeard['lines'],
): StoredInstall['settingsProblem'] {
  if (declared?.configuration === undefined) return settingsProblem
  const line = lines.find(
    ({ list, identifier }) =>
      list === 'management.declarations.assets' && identifier === configurationAssetOf(adamId),
  )
  if (line === undefined || line.removed) return settingsProblem
  const { valid, reasons = [] } = line.fields
  if (valid !== 'invalid') return valid === 'valid' ? null : settingsProblem
  const errors = reasons.map(({ code, description }) => ({ domain: code, code: 0, text: description }))
  return errors.length === 0 ? [{ domain: '', code: 0, text: 'invalid' }] : errors
}

/** A device that does not take declarations gets its apps by commands; what it was to get is looked at again. */
export async function hearRefusedDeclarations(tx: Tx, answer: CommandAnswer): Promise<void> {
  const { enrollment, status, at } = answer
  if (status === 'Acknowledged' || enrollment.deviceId === null) return
  await sql`UPDATE enrollments SET declarations_refused_at = ${at} WHERE id = ${enrollment.id}`.execute(tx)
  const installs = await lockInstallsOf(tx, { deviceId: enrollment.deviceId, enrollmentId: enrollment.id })
  const begun = installs.filter(({ declared, install }) => declared !== null && install.state === 'commanded')
  const changes = begun.map((stored): InstallChange => {
    const cause = { code: 'license_confirmed' } as const
    const install = { ...stored.install, state: 'licensed', cause, since: at, dueAt: at } as const
    return { before: stored, after: { ...stored, declared: null, install } }
  })
  await storeInstalls(tx, changes, at)
  await lookAtDelivery(
    sql`SELECT location_id, asset_id, device_id FROM installs WHERE enrollment_id = ${enrollment.id}
      AND state = 'licensed'`,
  ).execute(tx)
}
