/** Lines of the ledger as the API shows them (L13). */
import { causeTexts, type LedgerCause, readCause } from '@apportion/core/licenses/ledger-cause'
import type { LedgerRow, PastHolderRow } from './read-ledger.ts'

/** Who holds or held what. */
export function presentPastHolder(row: PastHolderRow) {
  return {
    asset: { id: row.asset_id, name: row.asset_name },
    token: { id: row.location_id, name: row.token_name },
    kind: row.holder_kind,
    id: row.holder,
    deviceId: row.device_id,
    name: row.holder_name,
  }
}

/** One line. */
export function presentLedgerLine(row: LedgerRow) {
  const { code, errorNumber } = readCause(row)
  return {
    seq: row.id,
    at: row.at.toISOString(),
    change: row.change,
    ...presentPastHolder(row),
    cause: {
      code,
      text: textOf(code, row),
      errorNumber,
      groupName: row.group_name,
      by: row.applied_by,
    },
    operationId: row.operation_id,
    interventionId: row.intervention_id,
  }
}

function textOf(code: LedgerCause, { group_name, applied_by }: LedgerRow): string {
  if (code === 'assigned' && group_name !== null)
    return `Required by the group "${group_name}"; Apple confirmed.`
  if (applied_by === null) return causeTexts[code]
  if (code === 'taken_back') return `${applied_by} took it back.`
  if (code === 'freed') return `${applied_by} freed what was held outside Apportion.`
  if (code === 'adopted') return `${applied_by} adopted it; from then on assignments apply.`
  return causeTexts[code]
}
