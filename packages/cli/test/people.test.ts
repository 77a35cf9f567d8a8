import { expect, test } from 'vitest'
import { apportion, page } from './support/fake-world.ts'
import { routes } from './support/routes.ts'

const at = '2027-03-01T11:00:00.000Z'
const mei = {
  id: 7,
  userName: 'mei',
  name: 'Mei Sato',
  email: null,
  department: null,
  active: true,
  managedAppleAccount: 'mei@school.example',
  devices: 2,
  createdAt: at,
  updatedAt: at,
}
const token = { id: 3, name: 'Utrecht' }
const joins = [
  {
    token,
    state: 'refused',
    invited: false,
    deviceInvitation: {
      deviceId: 9,
      deviceName: 'iPad of Mei',
      askedAt: at,
      answeredAt: at,
      state: 'shown',
      result: 'Acknowledged',
      errors: [],
    },
    registeredAt: null,
    email: null,
    licenses: 0,
    problem: {
      code: 'account_not_usable',
      errorNumber: 9635,
      says: 'Apple cannot associate it.',
      advice: 'Check the account.',
      at,
      again: null,
    },
  },
]

test('users show tells how far a person is at each location, and what to do', async () => {
  const serve = routes({ 'GET /api/v1/users/7': { ...mei, joins }, 'GET /api/v1/users?': page(mei) })
  const { code, stdout } = await apportion(['users', 'show', 'mei'], { serve })
  expect(code).toBe(0)
  expect(stdout).toMatch(/Utrecht\s+refused/)
  expect(stdout).toContain('9635')
  expect(stdout).toContain('shown, ')
  expect(stdout).toContain('Utrecht: Apple cannot associate it. Check the account.')
})

test('users list narrows to a state of joining', async () => {
  const serve = routes({ 'GET /api/v1/users': page(mei) })
  const { sent } = await apportion(['users', '--join', 'refused'], { serve })
  expect(sent[0]?.path).toContain('joinState=refused')
})

test('users invitation prints the address alone, for a script', async () => {
  const serve = routes({
    'GET /api/v1/users?': page(mei),
    'GET /api/v1/tokens?': page(token),
    'POST /api/v1/users/7/joins/3/invitation': { url: 'https://apple.example/join?code=1' },
  })
  const { stdout } = await apportion(['users', 'invitation', 'mei', 'Utrecht'], { serve })
  expect(stdout.trim()).toBe('https://apple.example/join?code=1')
})

test('licenses double sums up, and lists the pairs of a kind with what to do', async () => {
  const license = (kind: 'device' | 'user', id: string) => ({
    asset: { id: 11, name: 'Star Atlas' },
    token,
    holder: { kind, id, deviceId: null, name: null },
    ours: true,
    wanted: kind === 'device',
    since: at,
  })
  const pair = {
    kind: 'device_and_user',
    adamId: '1',
    user: { id: 7, userName: 'mei' },
    first: license('device', 'DEV1'),
    second: license('user', 'u-1'),
    advice: 'in_migration',
  }
  const serve = routes({
    'GET /api/v1/double-spend/summary': { kinds: [{ kind: 'device_and_user', found: 4, inMigration: 1 }] },
    'GET /api/v1/double-spend?': page(pair),
  })
  const sums = await apportion(['licenses', 'double'], { serve })
  expect(sums.stdout).toMatch(/device_and_user\s+4\s+1/)
  const { stdout } = await apportion(['licenses', 'double', '--kind', 'device_and_user'], { serve })
  expect(stdout).toMatch(/Star Atlas\s+mei\s+DEV1 \(Utrecht\)\s+u-1 \(Utrecht\)\s+in migration/)
})
