import { describe, expect, test } from 'vitest'
import { apportion, page, problem } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow } from './support/rows.ts'

/** Apps on devices under management (D4, D8), and waking a device (D1). */

const at = '2027-03-01T11:00:00.000Z'
const device = { id: 4, serialNumber: 'C02AAA111', name: 'iPad 1' }
const cause = {
  code: 'license_not_found',
  text: 'The App Store does not know of a license for this device yet.',
  word: null,
  errors: [{ domain: 'MCMDMErrorDomain', code: 12064, text: 'No license.' }],
  intuneNumber: '0x87D13B95',
}
const install = {
  assetId: 11,
  adamId: '9041000017',
  assetName: 'Star Atlas',
  tokenName: 'Main school',
  state: 'failed',
  wanted: 'installed',
  since: at,
  cause,
  attempts: 1,
  nextAt: '2027-03-01T12:02:00.000Z',
}
const link = { link: 'rule', state: 'passed', code: 'is_required', text: 'An assignment requires it.', at }
const answer = {
  assetName: 'Star Atlas',
  deviceName: 'iPad 1',
  serialNumber: 'C02AAA111',
  links: [
    link,
    { link: 'device', state: 'ends', code: 'device_says', text: 'The device says how it stands.', at },
  ],
  advice: { code: 'try_again', text: 'Try again; if it stays so, restart the device.' },
  groupName: 'iPads',
  place: null,
  refusal: null,
  lastSeenAt: at,
  install,
}
const found = {
  'GET /api/v1/devices?': page(device),
  'GET /api/v1/assets?': page(assetRow()),
}

describe('devices apps', () => {
  test('tells each app’s state, since when, what comes next and why', async () => {
    const serve = routes({ ...found, 'GET /api/v1/devices/4/installs': { items: [install] } })
    const { code, stdout } = await apportion(['devices', 'apps', 'C02AAA111'], { serve })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Star Atlas\s+Main school\s+failed\s+1 hour ago\s+in 2 minutes\s+The App Store does not know/,
    )
  })

  test('gives the answer of the API with --json', async () => {
    const serve = routes({ ...found, 'GET /api/v1/devices/4/installs': { items: [install] } })
    const { stdout } = await apportion(['devices', 'apps', 'C02AAA111', '--json'], { serve })
    expect(JSON.parse(stdout)).toEqual({ items: [install] })
  })

  test('says that nothing is under way', async () => {
    const serve = routes({ ...found, 'GET /api/v1/devices/4/installs': { items: [] } })
    const { stdout } = await apportion(['devices', 'apps', 'C02AAA111'], { serve })
    expect(stdout).toContain('Nothing is under way')
  })
})

describe('devices why', () => {
  test('tells the chain, what the device said with both numbers, and what to do', async () => {
    const serve = routes({ ...found, 'GET /api/v1/devices/4/why/11': answer })
    const { code, stdout } = await apportion(['devices', 'why', 'C02AAA111', 'Star Atlas'], { serve })
    expect(code).toBe(0)
    expect(stdout).toMatch(/rule\s+holds\s+1 hour ago\s+An assignment requires it\./)
    expect(stdout).toMatch(/device\s+ends/)
    for (const part of ['Group: iPads', '12064', '0x87D13B95', 'What to do: Try again']) {
      expect(stdout).toContain(part)
    }
  })

  test('ends with 6 with --strict when somebody has to do something, and with 0 when it waits', async () => {
    const words = ['devices', 'why', 'C02AAA111', 'Star Atlas', '--strict']
    const ends = await apportion(words, {
      serve: routes({ ...found, 'GET /api/v1/devices/4/why/11': answer }),
    })
    expect([ends.code, ends.stderr]).toEqual([6, expect.stringContaining('install.ends')])
    const waiting = { ...answer, links: [{ ...link, state: 'waits' }] }
    const waits = await apportion(words, {
      serve: routes({ ...found, 'GET /api/v1/devices/4/why/11': waiting }),
    })
    expect(waits.code).toBe(0)
  })
})

describe('devices try-again', () => {
  test('asks for another attempt', async () => {
    const serve = routes({
      ...found,
      'POST /api/v1/devices/4/installs/11/try-again': { state: 'failed' },
    })
    const { code, stdout } = await apportion(['devices', 'try-again', 'C02AAA111', 'Star Atlas'], { serve })
    expect([code, stdout]).toEqual([0, expect.stringContaining('Star Atlas is tried again on C02AAA111')])
  })

  test('is refused while the installation is not over', async () => {
    const serve = routes({
      ...found,
      'POST /api/v1/devices/4/installs/11/try-again': () => problem(409, 'install.not_ended'),
    })
    const { code, stderr } = await apportion(['devices', 'try-again', 'C02AAA111', 'Star Atlas'], { serve })
    expect([code, stderr]).toEqual([4, expect.stringContaining('install.not_ended')])
  })
})

describe('devices wake', () => {
  test('wakes the enrollment of the device', async () => {
    const serve = routes({
      ...found,
      'GET /api/v1/devices/4/enrollment': { id: 9 },
      'POST /api/v1/enrollments/9/wake': { id: 9, waiting: 2, lastSeenAt: at },
    })
    const { code, stdout } = await apportion(['devices', 'wake', 'C02AAA111'], { serve })
    expect([code, stdout]).toEqual([
      0,
      'C02AAA111 is being woken; 2 commands wait for it. Last heard of 1 hour ago.\n',
    ])
  })

  test('is refused for a device that was never under management', async () => {
    const serve = routes({
      ...found,
      'GET /api/v1/devices/4/enrollment': () => problem(404, 'enrollment.unknown'),
    })
    const { code, stderr } = await apportion(['devices', 'wake', 'C02AAA111'], { serve })
    expect([code, stderr]).toEqual([4, expect.stringContaining('enrollment.unknown')])
  })
})

describe('devices remove-from-management', () => {
  const words = ['devices', 'remove-from-management', 'C02AAA111']
  const managed = { ...found, 'GET /api/v1/devices/4/enrollment': { id: 9, channel: 'mdm' } }
  const serve = routes({
    ...managed,
    'POST /api/v1/enrollments/9/remove': { id: 9, state: 'left', leftCause: 'removed_by_administrator' },
  })
  const changes = (sent: readonly { readonly method: string }[]) =>
    sent.filter(({ method }) => method !== 'GET')

  test('says what goes with it, asks, and names the device by its serial number', async () => {
    const { code, stdout, stderr, asked, sent } = await apportion(words, { serve, answers: [true] })
    expect([code, stdout]).toEqual([
      0,
      'C02AAA111 was taken out of management. It is told at its next contact.\n',
    ])
    expect(asked).toEqual(['Remove C02AAA111, iPad 1 from management?'])
    expect(stderr).toMatch(/Other apps stay and are no longer managed\. What waits for it is dropped\./)
    expect(changes(sent)).toMatchObject([
      { path: '/api/v1/enrollments/9/remove', body: JSON.stringify({ confirmName: 'C02AAA111' }) },
    ])
  })

  test('removes nothing when that is declined', async () => {
    const { code, stderr, sent } = await apportion(words, { serve, answers: [false] })
    expect([code, stderr]).toEqual([1, expect.stringContaining('Nothing was removed. (enrollment.declined)')])
    expect(changes(sent)).toEqual([])
  })

  test('needs --yes where nobody can be asked, before anything is sent', async () => {
    const { code, stderr, sent } = await apportion(words, { serve })
    expect([code, stderr, sent.length]).toEqual([2, expect.stringContaining('add --yes'), 0])
  })

  test('with --yes asks nothing, and with --json prints the enrollment as it stands', async () => {
    const { code, stdout, stderr } = await apportion([...words, '--yes', '--json'], { serve })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({ id: 9, state: 'left', leftCause: 'removed_by_administrator' })
  })

  test('takes no start of a serial number, which can mean another device tomorrow', async () => {
    const { code, stderr, sent } = await apportion(['devices', 'remove-from-management', 'C02A', '--yes'], {
      serve,
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('device.not_written_out')])
    expect(changes(sent)).toEqual([])
  })

  test('does not ask for a device that is enrolled at NanoMDM', async () => {
    const elsewhere = { ...managed, 'GET /api/v1/devices/4/enrollment': { id: 9, channel: 'nanomdm' } }
    const { code, stderr, asked } = await apportion(words, { serve: routes(elsewhere), answers: [true] })
    expect([code, stderr]).toEqual([4, expect.stringContaining('Remove it there')])
    expect(asked).toEqual([])
  })

  test('is refused for a device that has left', async () => {
    const left = { ...managed, 'POST /api/v1/enrollments/9/remove': () => problem(409, 'enrollment.left') }
    const { code, stderr } = await apportion([...words, '--yes'], { serve: routes(left) })
    expect([code, stderr]).toEqual([4, expect.stringContaining('enrollment.left')])
  })
})

describe('apps installs', () => {
  const counts = {
    managedDevices: 5,
    waitingForLicense: 1,
    states: [
      { state: 'failed', devices: 1 },
      { state: 'installed', devices: 3 },
    ],
  }
  const { state, since, nextAt } = install
  const row = {
    deviceId: 4,
    deviceName: 'iPad 1',
    serialNumber: 'C02AAA111',
    userName: 'mei',
    state,
    since,
    cause,
    nextAt,
  }

  test('counts the devices by state, and lists those that are asked for', async () => {
    const serve = routes({
      ...found,
      'GET /api/v1/assets/11/installs/counts': counts,
      'GET /api/v1/assets/11/installs?': page(row),
    })
    const ended = await apportion(['apps', 'installs', 'Star Atlas', '--state', 'failed'], { serve })
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain(
      'Meant for 5 devices under management: 3 installed, 1 failed, 1 waiting for a license.',
    )
    expect(ended.stdout).toMatch(/C02AAA111\s+iPad 1\s+mei\s+failed/)
    expect(ended.sent.at(-1)?.path).toContain('state=failed')
  })
})
