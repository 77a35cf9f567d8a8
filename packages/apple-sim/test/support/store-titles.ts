import type { Title } from '../../src/catalog.ts'

/** An app for phones, one for Macs, a book, a custom app, an app that only the Netherlands sell, a universal app. */
export const TITLES: readonly Title[] = [
  {
    adamId: '101',
    name: 'Fractal',
    kind: 'iosSoftware',
    publisher: 'Abacus',
    bundleId: 'com.example.fractal',
    price: 4.99,
    version: '2.1',
  },
  {
    adamId: '102',
    name: 'Forge',
    kind: 'desktopApp',
    publisher: 'Machine',
    bundleId: 'com.example.forge',
    deviceFamilies: ['mac'],
  },
  { adamId: '103', name: 'Delft', kind: 'epubBook', publisher: 'Pers' },
  { adamId: '104', name: 'Campus', kind: 'iosSoftware', publisher: 'Tools', custom: true },
  { adamId: '105', name: 'Polder', kind: 'iosSoftware', publisher: 'Tools', countries: ['NL'] },
  {
    adamId: '106',
    name: 'Everywhere',
    kind: 'iosSoftware',
    publisher: 'Tools',
    bundleId: 'com.example.everywhere',
    deviceFamilies: ['iphone', 'ipad', 'mac', 'tvos'],
  },
]
