/** What the simulator of Apple invents as an organization's directory is what the server imports. */
import { csvFiles } from '@apportion/apple-sim/directory-csv'
import { inventOrganization } from '@apportion/apple-sim/invented-organization'
import { expect, test } from 'vitest'
import { openDirectory } from './directory-scene.ts'

for (const preset of ['school', 'company'] as const) {
  test(`the directory of an invented ${preset} imports without a bad row`, async () => {
    const organization = inventOrganization({ preset, devices: 300, seed: 4 })
    await using scene = await openDirectory()
    for (const { kind, lines } of csvFiles(organization)) {
      const { json } = await scene.importFile(kind, [...lines()].join(''))
      expect(json).toMatchObject({ kept: true, rejected: 0, rejections: [] })
    }
    const [counted] = await scene.rows<{ devices: number; users: number }>(
      'SELECT (SELECT count(*) FROM devices) AS devices, (SELECT count(*) FROM users) AS users',
    )
    expect(counted).toEqual({ devices: 300, users: organization.size.users })
  })
}
