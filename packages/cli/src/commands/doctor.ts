/** `apportion doctor`: looks at everything that the main job needs, and says what to do about what is wrong. */
import { resolve } from 'node:path'
import { Problem, Unreachable, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { clientOf, findCredentials, isThisMachine } from '../connection.ts'
import type { Credentials } from '../credentials.ts'
import * as judge from '../doctor-checks.ts'
import { type Finding, type Verdict, worstOf } from '../doctor-checks.ts'
import { attention, CommandFailure } from '../failure.ts'
import { allTokens } from '../lookup/token.ts'
import type { Color } from '../output/paint.ts'
import { printable } from '../output/printable.ts'
import { type JsonFlag, jsonFlag, report } from '../output/report.ts'
import type { CommandLine, Output, World } from '../world.ts'

export const doctor = buildCommand<JsonFlag, [], CommandLine>({
  docs: {
    brief: 'Check everything that the work needs, and say what to do',
    fullDescription:
      'Exits with 0 when all is well, 6 when there is something to attend to, 1 when something is broken.',
  },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const findings = await examine(world)
    const verdict = worstOf(findings)
    report(world, json, { verdict, findings }, () =>
      findings.map((finding) => line(finding, world.stdout)).join('\n'),
    )
    const count = findings.filter(({ verdict: each }) => each !== 'ok').length
    if (verdict === 'fail')
      throw new CommandFailure('doctor.broken', `${count} of ${findings.length} checks need work.`)
    if (verdict === 'warn')
      throw attention('doctor.attention', `${count} of ${findings.length} checks need attention.`)
  },
})

/** In this order, each only when the one before made it possible. */
async function examine(world: World): Promise<readonly Finding[]> {
  const findings = [judge.judgeNode(world.nodeVersion)]
  const credentials = await findCredentials(world)
  if (credentials === null) {
    return [...findings, judge.broken('Sign-in', 'nobody is signed in', 'Run: apportion login')]
  }
  if (await world.credentials.isExposed()) {
    const { path } = world.credentials
    findings.push(
      judge.doubtful('API key', `others on this machine can read ${path}`, `Run: chmod 600 ${path}`),
    )
  }
  const reached = await examineServer(world, credentials.url)
  findings.push(...reached.findings)
  if (reached.isThere) findings.push(...(await examineInside(world, credentials)))
  const disk = await examineDisk(world, credentials.url)
  return disk === null ? findings : [...findings, disk]
}

async function examineServer(
  world: World,
  url: string,
): Promise<{ readonly isThere: boolean; readonly findings: readonly Finding[] }> {
  const asked = await world.fetch(new Request(`${url}/health`)).catch(() => null)
  if (asked === null) {
    const advice = 'Check the address (apportion whoami), that the server runs, and the network between.'
    return { isThere: false, findings: [judge.broken('Server', `no answer from ${url}`, advice)] }
  }
  const here = world.now()
  const health: unknown = await asked.json().catch(() => null)
  const findings: Finding[] = []
  if (asked.ok) findings.push(judge.fine('Server', `${url} can work`))
  else
    findings.push(
      judge.broken('Server', `${url} cannot work: ${detailOf(health)}`, 'Look into the log of the server.'),
    )
  const date = asked.headers.get('date')
  if (date !== null) findings.push(judge.judgeClock(new Date(date), here))
  return { isThere: asked.ok, findings }
}

function detailOf(health: unknown): string {
  const detail: unknown = Reflect.get(Object(health), 'detail')
  return typeof detail === 'string' ? detail : 'it gives no reason; is this Apportion?'
}

async function examineInside(world: World, credentials: Credentials): Promise<readonly Finding[]> {
  const client = clientOf(world, credentials)
  const findings = [await examineVersion(world, credentials)]
  const signIn = await unlessRefused('Sign-in', async () => {
    unwrap(await client.GET('/api/v1/api-keys'))
    return [judge.fine('Sign-in', `as ${credentials.email ?? 'an API key'}`)]
  })
  findings.push(...signIn)
  if (worstOf(signIn) !== 'ok') return findings
  const tokens = await unlessRefused('Tokens', async () => {
    const found = await allTokens(client)
    if (found.length === 0) return [judge.doubtful('Tokens', 'none yet', 'Add one: apportion token add FILE')]
    return found.map((token) => judge.judgeToken(token, world.now()))
  })
  return [...findings, ...tokens]
}

/** What a look finds, or that the server did not let it happen. */
async function unlessRefused(
  check: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (failure) {
    if (!(failure instanceof Problem || failure instanceof Unreachable)) throw failure
    const advice =
      failure.code === 'session.required' ? 'Run: apportion login' : 'Look into the log of the server.'
    return [judge.broken(check, failure.message, advice)]
  }
}

async function examineVersion({ fetch, version }: World, { url }: Credentials): Promise<Finding> {
  const answer = await fetch(new Request(`${url}/api/v1/openapi.json`))
  const document: unknown = await answer.json().catch(() => null)
  const served: unknown = Reflect.get(Object(Reflect.get(Object(document), 'info')), 'version')
  if (typeof served === 'string') return judge.judgeVersions(version, served)
  return judge.doubtful('Version', 'the server does not tell', 'Check that the address is that of Apportion.')
}

/** Only where the server is on this machine and its folder can be seen. */
async function examineDisk({ settings, freeBytes }: World, url: string): Promise<Finding | null> {
  if (!isThisMachine(new URL(url).hostname)) return null
  const folder = resolve(settings.dataFolder ?? '.state/server')
  const free = await freeBytes(folder)
  return free === null ? null : judge.judgeDisk(folder, free)
}

const marks: Readonly<Record<Verdict, readonly [Color, string]>> = {
  ok: ['green', 'ok  '],
  warn: ['yellow', 'warn'],
  fail: ['red', 'fail'],
}

function line({ check, verdict, detail, advice }: Finding, { paint }: Output): string {
  const [color, mark] = marks[verdict]
  const said = `${paint(color, mark)}  ${printable(check)}: ${printable(detail)}`
  return advice === null ? said : `${said}\n      ${printable(advice)}`
}
