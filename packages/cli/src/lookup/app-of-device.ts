/** Finds an app and a device by what a person has at hand, for commands about the one on the other. */
import type { ApiClient } from '@apportion/api-client/client'
import { type Asset, findAsset } from './asset.ts'
import { type Device, findDevice } from './device.ts'
import { findToken } from './token.ts'

/** `--token`, for a title that several locations own. */
export const tokenOfApp = {
  kind: 'parsed',
  parse: String,
  optional: true,
  brief: 'The content token, when several own the app',
  placeholder: 'TOKEN',
} as const

/** The two positional parameters. */
export const deviceAndApp = [
  { brief: 'Serial number, or the start of one', parse: String, placeholder: 'SERIAL' },
  { brief: 'Id, adamId or name', parse: String, placeholder: 'APP' },
] as const

export interface AppOfDeviceWish {
  readonly serialNumber: string
  readonly app: string
  readonly token: string | undefined
}

/** Throws what `findDevice`, `findAsset` and `findToken` throw. */
export async function findAppOfDevice(
  client: ApiClient,
  { serialNumber, app, token }: AppOfDeviceWish,
): Promise<{ readonly device: Device; readonly asset: Asset }> {
  const device = await findDevice(client, serialNumber)
  const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
  return { device, asset: await findAsset(client, { app, tokenId }) }
}
