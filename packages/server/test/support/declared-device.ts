/** Declarative management of a device in a scene: what it asks, and what it reports. */
import { randomUUID } from 'node:crypto'
import { setAppsDeclarative } from '@apportion/server/installs/declarative-setting'
import { sql } from 'kysely'
import type { DeliveryScene, ManagedDevice } from './delivery-scene.ts'

export interface Item {
  readonly Identifier: string
  readonly ServerToken: string
}

export interface Items {
  readonly DeclarationsToken: string
  readonly Declarations: Readonly<Record<'Activations' | 'Configurations' | 'Assets' | 'Management', Item[]>>
}

/** Switches the organization's setting. */
export async function declarative({ scene }: DeliveryScene, enabled = true): Promise<void> {
  const ports = { db: scene.database.kysely, clock: scene.clock }
  await setAppsDeclarative(ports, enabled, { kind: 'system', name: 'test' })
}

/** Changes settings of every assignment; by default such that an app may come by declaration. */
export async function settle({ scene }: DeliveryScene, settings: object = {}): Promise<void> {
  const whole = JSON.stringify({ removeWhenManagementEnds: true, ...settings })
  await sql`UPDATE assignments SET settings = ${whole}::jsonb`.execute(scene.database.kysely)
}

/** Has the app looked at on every device. */
export async function lookAgain({ scene, assetId, locationId }: DeliveryScene): Promise<void> {
  await sql`INSERT INTO delivery_looks (location_id, asset_id, device_id)
    SELECT ${locationId}, ${assetId}, device_id FROM enrollments WHERE state = 'enrolled' ON CONFLICT DO NOTHING`.execute(
    scene.database.kysely,
  )
}

export function declaringAs({ scene }: DeliveryScene, { device }: ManagedDevice) {
  const ask = (Endpoint: string, Data?: Uint8Array) =>
    scene.checkIn(device, {
      MessageType: 'DeclarativeManagement',
      Endpoint,
      ...(Data === undefined ? {} : { Data }),
    })
  const read = async <Answer>(endpoint: string): Promise<Answer> => {
    const { status, contentType, text = '' } = await ask(endpoint)
    if (status !== 200 || contentType !== 'application/json')
      throw new Error(`${endpoint}: ${status} ${text}`)
    return JSON.parse(text)
  }
  const report = (StatusItems: object, FullReport?: boolean, Errors: object[] = []) =>
    ask('status', Buffer.from(JSON.stringify({ StatusItems, Errors, ...(FullReport ? { FullReport } : {}) })))
  return {
    ask,
    read,
    report,
    items: () => read<Items>('declaration-items'),
    token: async () =>
      (await read<{ SyncTokens: { DeclarationsToken: string } }>('tokens')).SyncTokens.DeclarationsToken,
    /** The names of the apps that it is to hold. */
    apps: async () =>
      (await read<Items>('declaration-items')).Declarations.Configurations.map(
        ({ Identifier }) => Identifier,
      ).filter((name) => name.startsWith('app.')),
    /** It says that it follows the subscription. */
    subscribes: (...untold: string[]) =>
      report(
        {
          management: {
            declarations: {
              configurations: [
                {
                  identifier: 'status-subscriptions',
                  active: true,
                  valid: 'valid',
                  'server-token': randomUUID(),
                },
              ],
            },
          },
        },
        true,
        untold.map((StatusItem) => ({ StatusItem, Reasons: [{ Code: 'Error.Unknown' }] })),
      ),
    /** A line of `app.managed.list`. */
    says: (line: object) => report({ app: { managed: { list: [line] } } }),
    /** A line of `mdm.app`. */
    saysOfCommanded: (line: object) => report({ mdm: { app: [line] } }),
  }
}
