/** Settings: a list of items, each with an outcome of its own. */
import { ACCESS_RIGHTS } from '@apportion/apple-wire/mdm-profile'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { dictField, dictsField, textField } from '@apportion/apple-wire/plist-fields'
import type { ManagedApp } from './apps.ts'
import { type Answer, acknowledged, errorChain, formatError, MDM_DOMAIN } from './command-answer.ts'
import type { DeviceState } from './device-state.ts'

type Outcome = 'done' | { readonly number: number; readonly text: string; readonly domain?: string }

export function settings(device: DeviceState, command: PlistDict): Answer {
  if (!Array.isArray(command.Settings)) return formatError('Settings is a list')
  const results = dictsField(command, 'Settings').map((item) => {
    const outcome = apply(device, item)
    const identifier = textField(item, 'Identifier')
    const named = { Item: textField(item, 'Item') ?? '', ...(identifier ? { Identifier: identifier } : {}) }
    if (outcome === 'done') return { ...named, Status: 'Acknowledged' }
    const { domain = MDM_DOMAIN, number, text } = outcome
    return { ...named, Status: 'Error', ErrorChain: errorChain([{ domain, number, text }]) }
  })
  return acknowledged({ Settings: results })
}

function apply(device: DeviceState, item: PlistDict): Outcome {
  switch (textField(item, 'Item')) {
    case 'ApplicationConfiguration':
      return ofApp(device, item, (app) => {
        app.configuration = dictField(item, 'Configuration')
      })
    case 'ApplicationAttributes':
      return ofApp(device, item, (app) => {
        app.attributes = dictField(item, 'Attributes')
      })
    case 'OrganizationInfo':
      return setOrganization(device, item)
    case 'DeviceName':
      return setName(device, item)
    case 'MDMOptions':
      return device.identity.supervised ? 'done' : notSupervised
    default:
      return { number: 28000, text: 'The setting is not known', domain: 'MCSettingsErrorDomain' }
  }
}

/** Items about apps take the right to manage apps too. */
function ofApp(device: DeviceState, item: PlistDict, change: (app: ManagedApp) => void): Outcome {
  if (!device.hasRight(ACCESS_RIGHTS.manageApps)) return { number: 12007, text: 'Not allowed by the profile' }
  const bundleId = textField(item, 'Identifier') ?? ''
  const app = device.apps.managed.get(bundleId)
  if (app === undefined || app.declaration !== undefined)
    return { number: 12029, text: `${bundleId} is not managed` }
  change(app)
  return 'done'
}

function setOrganization(device: DeviceState, item: PlistDict): Outcome {
  const organization = dictField(item, 'OrganizationInfo')
  if (organization !== undefined && !textField(organization, 'OrganizationName')) {
    return { number: 12008, text: 'OrganizationName is missing' }
  }
  device.organization = organization
  return 'done'
}

function setName(device: DeviceState, item: PlistDict): Outcome {
  const name = textField(item, 'DeviceName')
  if (!device.identity.supervised) return notSupervised
  if (!name) return { number: 12008, text: 'DeviceName is missing' }
  device.name = name
  return 'done'
}

const notSupervised: Outcome = { number: 12007, text: 'Only on a supervised device' }
