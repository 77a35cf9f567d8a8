/** Finds a device of the directory by its serial number. */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { chooseByName } from './choose.ts'

export type Device = Item<'listDevices'>

/** The device with this serial number, else the only one whose serial number begins so. Throws `device.unknown` or `device.ambiguous`. */
export async function findDevice(client: ApiClient, wanted: string): Promise<Device> {
  const query = { q: wanted, limit: 500 }
  const { items } = unwrap(await client.GET('/api/v1/devices', { params: { query } }))
  return chooseByName({
    what: 'device',
    wanted,
    candidates: items,
    nameOf: ({ serialNumber }) => serialNumber,
    describe: ({ serialNumber, name }) => `${serialNumber}  ${name}`,
    advice: 'See the devices with: apportion devices list',
  })
}
