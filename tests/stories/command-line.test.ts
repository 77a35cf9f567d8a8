import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, type Story, startStory } from '../support/story.ts'

/** What `apportion` did, as a script would see it. */
interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const devices = 8
const owned = 5
/** The device of a person, in no group of its own. */
const ofTeacher = 'DESK1'

let story: Story
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apportion-cli-'))
  story = await startStory()
  const { apple } = story
  apple.world.addTitle({ adamId: '900001', name: 'Tally Notes', kind: 'iosSoftware', publisher: 'Paperwing' })
  const location = apple.world.addLocation({
    uId: '300',
    name: 'Utrecht',
    organizationName: 'Meridian College',
  })
  location.own({ adamId: '900001', total: owned })
  location.assignOutside('900001', { serialNumbers: ['OTHER1'] })
  await writeFile(join(folder, 'utrecht.vpptoken'), location.mintToken().file)
  await writeFile(join(folder, 'groups.csv'), 'name,kind\nPupils,device\nTeachers,user\n')
  await writeFile(join(folder, 'users.csv'), 'user_name,name,groups\nmila,Mila Vos,Teachers\n')
  const rows = Array.from({ length: devices }, (_, i) => `DEV${i + 1},Pad ${i + 1},iPadOS,,Pupils`)
  const ofMila = `${ofTeacher},Desk,iPadOS,mila,`
  await writeFile(
    join(folder, 'devices.csv'),
    ['serial_number,name,platform,user,groups', ...rows, ofMila].join('\n'),
  )
})

afterAll(async () => {
  await story?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Runs the real program with these words, in a folder of its own and without a terminal. */
async function apportion(words: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), TZ: 'UTC' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

/** The JSON document that a command with `--json` gives when it succeeds. */
async function json(...words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await apportion([...words, '--json'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

/** Runs a command that waits for Apple, while time passes there. */
async function whileTimePasses(words: readonly string[]): Promise<Ended> {
  const running = apportion(words)
  let hasEnded = false
  void running.finally(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    await story.pass({ seconds: 1 })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return await running
}

test('before signing in, a command says how to, with exit code 3', async () => {
  const { code, stdout, stderr } = await apportion(['apps'])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toMatch(/^apportion: Not signed in\..*apportion login.*\(session\.required\)\n$/)
})

test('a wrong password is refused with exit code 3 and leaves no file', async () => {
  const words = ['login', '--url', story.server.url, '--email', ada.email, '--password-stdin']
  const { code, stderr } = await apportion(words, 'not the password\n')
  expect(code).toBe(3)
  expect(stderr).toContain('(session.wrong_credentials)')
  await expect(stat(join(folder, 'config/apportion/credentials.json'))).rejects.toThrow('ENOENT')
})

test('login keeps a key that only this user can read', async () => {
  const words = ['login', '--url', story.server.url, '--email', ada.email, '--password-stdin']
  expect(await apportion(words, `${ada.password}\n`)).toMatchObject({ code: 0, stderr: '' })
  const { mode } = await stat(join(folder, 'config/apportion/credentials.json'))
  expect(mode & 0o777).toBe(0o600)
  expect(await json('whoami')).toMatchObject({ email: ada.email, apiKey: { createdBy: { name: ada.name } } })
})

test('a file that is no content token is refused with its reason and exit code 4', async () => {
  const { code, stdout, stderr } = await apportion(['token', 'add', 'devices.csv', '--consent', '--yes'])
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
  expect(stderr).toContain('(token.not_base64)')
})

test('a content token is inspected, added and synced', async () => {
  expect(await json('token', 'inspect', 'utrecht.vpptoken')).toMatchObject({
    uid: '300',
    holder: null,
    known: null,
  })
  expect(
    await json('token', 'add', 'utrecht.vpptoken', '--consent', '--yes', '--name', 'Utrecht'),
  ).toMatchObject({ name: 'Utrecht' })
  const { code, stdout } = await whileTimePasses(['token', 'sync', 'Utrecht', '--wait', '--timeout', '120'])
  expect(code).toBe(0)
  expect(stdout).toContain('done: no license changed elsewhere')
  await story.settle()
})

test('the same token again is refused with exit code 4', async () => {
  const { code, stderr } = await apportion(['token', 'add', 'utrecht.vpptoken', '--consent', '--yes'])
  expect(code).toBe(4)
  expect(stderr).toContain('(token.already_known)')
})

test('groups and devices are imported, and a bad row keeps everything out', async () => {
  expect(await json('groups', 'import', 'groups.csv')).toMatchObject({ kept: true, created: 2 })
  expect(await json('users', 'import', 'users.csv')).toMatchObject({ kept: true, created: 1 })
  await writeFile(join(folder, 'bad.csv'), 'serial_number\nDEV1\n!\n')
  const bad = await apportion(['devices', 'import', 'bad.csv'])
  expect(bad).toMatchObject({ code: 4 })
  expect(bad.stdout).toContain('nothing kept')
  expect(await json('devices', 'import', 'devices.csv')).toMatchObject({
    kept: true,
    created: devices + 1,
    rejected: 0,
  })
  expect(await json('groups', 'list', '--search', 'Pupils')).toMatchObject({
    items: [{ name: 'Pupils', members: devices }],
  })
})

test('a plan says who gets a license and who waits, and --strict makes that exit code 6', async () => {
  const words = ['plan', '--app', 'tally', '--group', 'Pupils', '--intent', 'required']
  const { code, stdout } = await apportion(words)
  expect(code).toBe(0)
  expect(stdout).toContain('4 devices get a license')
  expect(stdout).toContain('4 devices wait')
  expect(await apportion([...words, '--strict'])).toMatchObject({ code: 6 })
  expect(await json('assignments')).toEqual({ items: [], nextCursor: null })
})

test('assign needs --yes without a terminal, and with --wait ends when the licenses are there', async () => {
  const words = ['assign', '--app', 'Tally Notes', '--group', 'Pupils']
  expect(await apportion(words)).toMatchObject({ code: 2, stdout: '' })
  const { code, stdout, stderr } = await whileTimePasses([...words, '--yes', '--wait', '--timeout', '120'])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain('Pupils')
  expect(story.apple.world.location('300').counts('900001')).toMatchObject({ assigned: owned, available: 0 })
})

test('licenses says who holds one, since when and why, also as CSV', async () => {
  const { stdout } = await apportion(['licenses', '900001'])
  expect(stdout).toMatch(/OTHER1 .*held outside/)
  expect(stdout).toMatch(/DEV1 .*Pad 1 .*held/)
  expect(await json('licenses', '900001', '--state', 'waiting')).toMatchObject({
    items: [{ position: 1 }, { position: 2 }, { position: 3 }, { position: 4 }],
  })
  const csv = await apportion(['licenses', '900001', '--csv'])
  expect(csv.stdout.split('\n').filter((line) => line.trim() !== '')).toHaveLength(1 + owned + 4)
})

test('a device shows what it holds or waits for, and why', async () => {
  expect(await json('devices', 'show', 'DEV1')).toMatchObject({
    groups: [{ name: 'Pupils' }, {}],
    licenses: [{ name: 'Tally Notes', state: 'held', ours: true }],
  })
  const { stdout } = await apportion(['devices', 'show', 'DEV8'])
  expect(stdout).toMatch(/Tally Notes +Utrecht +waiting/)
})

test('licenses that are bought go to those who wait', async () => {
  story.apple.world.location('300').buy('900001', 10)
  await story.settle()
  expect(await json('apps', 'show', '900001')).toMatchObject({ counts: { used: 1 + devices, waiting: 0 } })
  expect(await json('operations', '--open')).toEqual({ items: [], nextCursor: null })
})

test('ending the assignment brings the licenses back', async () => {
  const words = ['assign', '--app', '900001', '--remove', 'Pupils', '--yes', '--wait', '--timeout', '120']
  expect(await whileTimePasses(words)).toMatchObject({ code: 0 })
  expect(story.apple.world.location('300').counts('900001')).toMatchObject({ assigned: 1 })
})

test('what an assignment says is saved, and stays when another group of the app is changed', async () => {
  const app = ['assign', '--app', '900001', '--yes', '--json']
  const pupils = ['--group', 'Pupils', '--priority', '40', '--quota', '3', '--reclaim', 'device-left=14']
  expect(await apportion([...app, ...pupils, '--set', 'removable=no'])).toMatchObject({ code: 0, stderr: '' })
  const teachers = ['--group', 'Teachers', '--intent', 'available', '--waves', '100@now', '--stop-at', '20']
  const { code, stdout } = await apportion([...app, ...teachers])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    assignments: [
      {
        group: { name: 'Pupils' },
        intent: 'required',
        priority: 40,
        quota: 3,
        settings: { removable: false },
        reclaim: { device_left: { kind: 'after', days: 14 } },
      },
      { group: { name: 'Teachers' }, intent: 'available', rollout: { percent: 100, stopAtPercent: 20 } },
    ],
  })
})

test('a rollout is stopped, and goes on', async () => {
  const list = await json('assignments', '--group', 'Teachers')
  const id = String(Reflect.get(Object(Reflect.get(Object(list), 'items')[0]), 'id'))
  expect(await json('assignments', 'rollout', id, '--stop')).toMatchObject({
    rollout: { stoppedWhy: expect.stringContaining('Command line on') },
  })
  expect(await json('assignments', 'rollout', id, '--go-on')).toMatchObject({ rollout: { stoppedAt: null } })
})

test('what is available takes a license once somebody asks, and the device says by which rule', async () => {
  await story.settle()
  expect(await json('ask', '900001', '--device', ofTeacher)).toMatchObject({
    state: 'waiting',
    // The quota holds back all pupils but three, who are served first.
    place: devices - 3 + 1,
  })
  await story.settle()
  expect(await json('ask', '900001', '--device', ofTeacher)).toMatchObject({ state: 'held' })
  expect(await json('devices', 'targets', ofTeacher)).toMatchObject({
    targets: [
      { assetName: 'Tally Notes', intent: 'available', groupName: 'Teachers', askedAt: expect.any(String) },
    ],
    excluded: [],
  })
})

test('a change of a group says whose license comes back and who is next, before it is made', async () => {
  const words = ['plan', 'members', 'Pupils', '--remove', 'DEV1']
  const plan = await json(...words)
  expect(plan).toMatchObject({ kind: 'group', outcome: { releases: { count: 1 }, grants: { count: 1 } } })
  const id = String(Reflect.get(Object(plan), 'id'))
  expect(await json('plan', 'rows', id, '--app', '900001', '--part', 'releases')).toMatchObject({
    items: [{ serialNumber: 'DEV1', code: 'no_longer_assigned' }],
  })
  const { code, stdout } = await apportion([...words, '--apply', '--yes'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: `Pupils: saved, ${devices - 1} members now.\n` })
})

test('an unknown group is named, with where to look', async () => {
  const { code, stderr } = await apportion(['plan', '--app', '900001', '--group', 'Nobody'])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'There is no group “Nobody”. See the groups with: apportion groups list (group.unknown)',
  )
})

test('logout revokes the key, so that nothing of it is left', async () => {
  const before = await json('whoami')
  expect(await apportion(['logout'])).toMatchObject({ code: 0 })
  const id: unknown = Reflect.get(Object(Reflect.get(Object(before), 'apiKey')), 'id')
  const left = await story.admin.api.GET('/api/v1/api-keys')
  expect(left.data?.items.some((key) => key.id === id)).toBe(false)
  expect(await apportion(['apps'])).toMatchObject({ code: 3 })
})

test('a server that is gone is exit code 5', async () => {
  const words = ['login', '--url', 'http://127.0.0.1:9', '--email', ada.email, '--password-stdin']
  expect(await apportion(words, 'x\n')).toMatchObject({ code: 5 })
})
