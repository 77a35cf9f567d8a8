/** `apportion users put`: adds a user, or changes what is said of the one with this user name. */
import { type Body, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { optionalText, yesOrNo } from '../../fact-flags.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly name: string | undefined
  readonly email: string | undefined
  readonly department: string | undefined
  readonly active: 'yes' | 'no' | undefined
  readonly managedAccount: string | undefined
}

export const put = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Add a user, or change the one with this user name',
    fullDescription:
      'What is not given stays as it is. --active no says that a person has left: in no group any more, and the licenses follow the assignments.',
  },
  parameters: {
    flags: {
      name: optionalText('Full name', 'NAME'),
      email: optionalText('E-mail address; empty for none', 'ADDRESS'),
      department: optionalText('Department; empty for none', 'DEPARTMENT'),
      active: yesOrNo('No for who has left'),
      managedAccount: optionalText('Managed Apple Account; empty for none', 'ACCOUNT'),
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'User name', parse: String, placeholder: 'USER' }],
    },
  },
  async func({ json, ...flags }, userName) {
    const { world } = this
    const client = await connect(world)
    const { response, ...answer } = await client.POST('/api/v1/users', { body: factsIn(flags, userName) })
    const user = unwrap({ response, ...answer })
    const added = response.status === 201
    report(world, json, user, () => `${added ? 'Added' : 'Changed'} ${user.userName} (${user.id}).`)
  },
})

function factsIn(
  { name, email, department, active, managedAccount }: Omit<Flags, 'json'>,
  userName: string,
): Body<'putUser'> {
  return {
    userName,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email: email || null }),
    ...(department === undefined ? {} : { department: department || null }),
    ...(active === undefined ? {} : { active: active === 'yes' }),
    ...(managedAccount === undefined ? {} : { managedAppleAccount: managedAccount || null }),
  }
}
