/** `apportion logout`: revokes the kept API key at the server and forgets it. */
import { Unreachable, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { clientOf } from '../connection.ts'
import type { Credentials } from '../credentials.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../output/report.ts'
import type { CommandLine, World } from '../world.ts'

export const logout = buildCommand<JsonFlag, [], CommandLine>({
  docs: { brief: 'Revoke the kept API key and forget it' },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const saved = await world.credentials.read()
    const revoked = saved !== null && (await revoke(world, saved))
    await world.credentials.delete()
    report(world, json, { url: saved?.url ?? null, revoked }, () =>
      saved === null ? 'Nobody was signed in.' : `Signed out of ${saved.url}.`,
    )
  },
})

/** A server that is gone must not keep a person from signing out here. */
async function revoke(world: World, saved: Credentials): Promise<boolean> {
  if (saved.apiKeyId === null) return false
  try {
    const path = { id: saved.apiKeyId }
    const result = await clientOf(world, saved).DELETE('/api/v1/api-keys/{id}', { params: { path } })
    // Revoked before, here or in the console: nothing is left to do.
    if (result.response.status !== 401 && result.response.status !== 404) unwrap(result)
    return true
  } catch (failure) {
    if (!(failure instanceof Unreachable)) throw failure
    remark(world, `${failure.message} The key ${saved.apiKeyId} stays valid there; revoke it in the console.`)
    return false
  }
}
