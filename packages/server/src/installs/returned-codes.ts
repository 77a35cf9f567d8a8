/**
 * Redemption codes that devices give back: another system gave them before, since this server gives none. A device tells
 * of one once, so the history of the installation keeps that it did, with as much of the code as tells which one it was;
 * the code is worth money, and stands nowhere.
 */
import type { ManagedApplication } from '@apportion/apple-wire/mdm-apps'
import { sql } from 'kysely'
import { storableText } from '../audit/chain.ts'
import type { Tx } from '../platform/db/database.ts'
import type { StoredInstall } from './store.ts'

/** Notes the codes in a list of apps, each once. The installations are locked. */
export async function noteReturnedCodes(
  tx: Tx,
  {
    installs,
    apps,
    at,
  }: {
    readonly installs: readonly StoredInstall[]
    /** By bundle identifier. */
    readonly apps: ReadonlyMap<string, ManagedApplication>
    readonly at: Date
  },
): Promise<void> {
  const steps = installs.flatMap(({ deviceId, adamId, bundleId, install: { state } }) => {
    const code = bundleId === null ? undefined : apps.get(bundleId)?.unusedRedemptionCode
    return code === undefined ? [] : [{ deviceId, adamId, state, word: masked(code) }]
  })
  if (steps.length === 0) return
  await sql`INSERT INTO install_steps (device_id, adam_id, at, state, cause)
    SELECT r."deviceId", r."adamId", ${at}, r.state, jsonb_build_object('code', 'code_returned', 'word', r.word)
    FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) AS r("deviceId" int, "adamId" text, state text, word text)
    WHERE NOT EXISTS (SELECT FROM install_steps s WHERE s.device_id = r."deviceId" AND s.adam_id = r."adamId"
      AND s.cause ->> 'code' = 'code_returned' AND s.cause ->> 'word' = r.word)`.execute(tx)
}

const shortestShown = 8

/** The last four characters; nothing of a code that is too short for that. */
function masked(code: string): string {
  return code.length < shortestShown ? '…' : `…${storableText(code.slice(-4))}`
}
