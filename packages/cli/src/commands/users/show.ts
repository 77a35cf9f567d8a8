/** `apportion users show`: one user, and how far the person is at each location (U1). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findUser } from '../../lookup/user.ts'
import { fromNow } from '../../output/moment.ts'
import type { Color } from '../../output/paint.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts, table } from '../../output/table.ts'
import type { CommandLine, World } from '../../world.ts'

type User = Answer<'getUser'>
type Join = User['joins'][number]

export const show = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'One user, and how far the person is at each location' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'User name or name', parse: String, placeholder: 'USER' }],
    },
  },
  async func({ json }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id } = await findUser(client, wanted)
    const user = unwrap(await client.GET('/api/v1/users/{id}', { params: { path: { id } } }))
    report(world, json, user, () => `${describeUser(user, world)}\n\n${describeJoins(user, world)}`)
  },
})

function describeUser(user: User, { stdout }: World): string {
  return facts(
    [
      ['User name', user.userName],
      ['Name', user.name],
      ['Email', user.email],
      ['Department', user.department],
      ['Managed Apple Account', user.managedAppleAccount],
      ['Active', user.active ? 'yes' : 'no'],
      ['Devices', String(user.devices)],
    ],
    stdout.paint,
  )
}

const words: Readonly<Record<Join['state'], { readonly text: string; readonly color: Color }>> = {
  not_registered: { text: 'not registered', color: 'dim' },
  registering: { text: 'registering', color: 'dim' },
  waiting_to_join: { text: 'waiting for the person to join', color: 'yellow' },
  joined: { text: 'joined', color: 'green' },
  refused: { text: 'refused', color: 'red' },
  retired: { text: 'retired', color: 'dim' },
}

function describeJoins({ joins }: User, { stdout, now }: World): string {
  if (joins.length === 0) return 'Apple knows the person at no location, and no user license is to be given.'
  const problems = joins.flatMap(({ token, problem }) =>
    problem === null ? [] : [`${token.name}: ${problem.says} ${problem.advice}`],
  )
  const rows = table(
    joins,
    [
      { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
      { title: 'STATE', of: ({ state }) => words[state] },
      {
        title: 'KNOWN',
        of: ({ registeredAt }) => (registeredAt === null ? null : fromNow(registeredAt, now())),
      },
      {
        title: 'ASKED',
        of: ({ deviceInvitation: asked }) =>
          asked === null ? null : `${asked.state}, ${fromNow(asked.answeredAt ?? asked.askedAt, now())}`,
      },
      { title: 'LICENSES', of: ({ licenses }) => licenses },
      { title: 'ERROR', of: ({ problem }) => problem?.errorNumber ?? null },
    ],
    stdout,
  )
  return [rows, ...problems].join('\n')
}
