import { describe, expect, test } from 'vitest'
import { type AssignmentSettings, defaultSettings } from '../assignments/settings.ts'
import { appPayload, canReport, declaredOf, isFrom, sameDeclared, type WayFacts, wayOf } from './way.ts'

const phone: WayFacts = {
  declarative: true,
  platform: 'iOS',
  osVersion: '17.5',
  intent: 'required',
}
const goes = { ...defaultSettings, removeWhenManagementEnds: true }
const configured = { ...goes, configuration: { server: 'x' } }

describe('by which way an app comes', () => {
  test.each<[why: string, way: string, facts: WayFacts, settings?: AssignmentSettings]>([
    ['required, and to go with management', 'declaration', phone],
    ['on an iPad', 'declaration', { ...phone, platform: 'iPadOS' }],
    ['the first version', 'declaration', { ...phone, osVersion: '17.2' }],
    ['the version before', 'command', { ...phone, osVersion: '17.1.9' }],
    ['a version that is not known', 'command', { ...phone, osVersion: null }],
    ['on a television', 'command', { ...phone, platform: 'tvOS', osVersion: '18.0' }],
    ['the organization does not want it', 'command', { ...phone, declarative: false }],
    ['chosen by a person, who may delete it', 'command', { ...phone, intent: 'available' }],
    ['to stay when management ends', 'command', phone, defaultSettings],
    ['with a configuration', 'declaration', { ...phone, osVersion: '18.4' }, configured],
    ['with a configuration, before iOS 18.4', 'command', { ...phone, osVersion: '18.3' }, configured],
  ])('%s: %s', (_why, way, facts, settings = goes) => {
    expect(wayOf(facts, settings)).toBe(way)
  })

  test.each([
    ['16.0', true],
    ['15.8', false],
  ])('a device with iOS %s reports status: %s', (osVersion, can) => {
    expect(canReport({ ...phone, osVersion })).toBe(can)
  })

  test.each([
    ['17.10', '17.2', true],
    ['9.3', '17.2', false],
    ['26', '17.2', true],
    ['17', '17.2', false],
    ['18.0 beta', '17.2', true],
    ['unknown', '1', false],
  ])('%s is from %s on: %s', (version, first, is) => {
    expect(isFrom(version, first)).toBe(is)
  })
})

describe('the payload of a declaration', () => {
  const declared = { license: 'Device', backup: true, vpnId: null, updates: true, round: 1 } as const

  test('names the app by a text, required, with the kind of its license', () => {
    expect(appPayload('361309726', declared, { osVersion: '17.2', asset: null })).toEqual({
      AppStoreID: '361309726',
      InstallBehavior: { Install: 'Required', License: { Assignment: 'Device' } },
    })
  })

  test('65 omits keys that the version does not support', () => {
    const payload = { ...declared, updates: false, backup: false, vpnId: 'vpn-1' }
    expect(appPayload('1', payload, { osVersion: '18.6', asset: null })).not.toHaveProperty('UpdateBehavior')
    expect(appPayload('1', payload, { osVersion: '26.0', asset: null })).toMatchObject({
      IncludeInBackup: false,
      Attributes: { VPNUUID: 'vpn-1' },
      UpdateBehavior: { AutomaticAppUpdates: 'AlwaysOff' },
    })
  })

  test('keeps the license by which the app came, and follows the settings', () => {
    const settings = { ...goes, preventBackup: true }
    const facts = { deviceLicense: false, settings, updatesByToken: false, osVersion: '17.5' }
    expect(declaredOf(declared, facts)).toEqual({ ...declared, backup: false, updates: false })
    expect(declaredOf(null, facts).license).toBe('User')
  })

  test('names the asset with the configuration', () => {
    expect(appPayload('1', declared, { osVersion: '18.4', asset: 'configuration.1' })).toMatchObject({
      LegacyAppConfigAssetReference: 'configuration.1',
    })
  })

  test('holds a configuration from iOS 18.4 on, and says something else when it changes', () => {
    const of = (osVersion: string, configuration: AssignmentSettings['configuration']) =>
      declaredOf(declared, {
        deviceLicense: true,
        settings: { ...goes, automaticUpdates: 'on', configuration },
        updatesByToken: false,
        osVersion,
      })
    const held = of('18.4', { server: 'x', port: 1 })
    expect(held.configuration).toEqual({ server: 'x', port: 1 })
    expect(sameDeclared(held, of('18.4', { port: 1, server: 'x' }))).toBe(true)
    expect(sameDeclared(held, of('18.4', { server: 'y', port: 1 }))).toBe(false)
    expect(sameDeclared(held, of('18.4', null))).toBe(false)
    expect(of('18.3', { server: 'x' })).toEqual(declared)
  })
})
