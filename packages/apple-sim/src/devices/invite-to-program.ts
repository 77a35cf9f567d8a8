/** InviteToProgram: the person is asked to join Apps and Books, and opens the invitation with their account. */
import type { PlistDict } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { type Answer, acknowledged, refused } from './command-answer.ts'
import type { DeviceState } from './device-state.ts'

const PROGRAM = 'com.apple.cloudvpp'

/** `track` is told of the request that accepting sends. The answer says only that the question was shown. */
export function inviteToProgram(
  device: DeviceState,
  command: PlistDict,
  track: (work: Promise<unknown>) => void,
): Answer {
  if (device.isUserEnrollment) return refused(12021, 'Not in a User Enrollment')
  if (textField(command, 'ProgramID') !== PROGRAM)
    return acknowledged({ InvitationResult: 'InvalidProgramID' })
  const code = inviteCodeIn(textField(command, 'InvitationURL') ?? '')
  if (code === undefined) return acknowledged({ InvitationResult: 'InvalidInvitationURL' })
  const { address, inviteCode } = code
  device.person.ask('join_program', (answer) => {
    if (answer === 'accept') track(join(device, address, inviteCode))
  })
  return acknowledged({ InvitationResult: 'Acknowledged' })
}

function inviteCodeIn(text: string): { readonly address: string; readonly inviteCode: string } | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const inviteCode = url.searchParams.get('inviteCode') ?? url.searchParams.get('inviteId')
  return inviteCode ? { address: `${url.origin}${url.pathname}`, inviteCode } : undefined
}

/** Sends the form of the invitation's page. An account of the person's own is made up where there is none. */
async function join(
  { account, identity, ports }: DeviceState,
  address: string,
  inviteCode: string,
): Promise<void> {
  account.name ??= `${identity.serialNumber.toLowerCase()}@accounts.example`
  const body = Buffer.from(new URLSearchParams({ inviteCode, appleAccount: account.name }).toString())
  await ports.http.send(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
}
