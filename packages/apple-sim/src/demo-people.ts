/** The people of the demo organization. */
import type { Random } from './random.ts'

export interface DemoUser {
  readonly name: string
  readonly email: string
  readonly department: string
  /** Works at the school or at the head office. */
  readonly site: 'school' | 'office'
}

export const FIRST_NAMES: readonly string[] = [
  'Anouk',
  'Bram',
  'Chiara',
  'Daan',
  'Eline',
  'Femke',
  'Gijs',
  'Hugo',
  'Ingrid',
  'Jonas',
  'Katja',
  'Lotte',
  'Milan',
  'Noor',
  'Olivier',
  'Pia',
  'Quinten',
  'Roos',
  'Sander',
  'Tess',
  'Umberto',
  'Vera',
  'Wouter',
  'Yara',
  'Zoë',
  'Amira',
  'Bastiaan',
  'Carmen',
  'Dirk',
  'Emre',
  'Fatima',
  'Greta',
  'Henk',
  'Isabel',
  'Jeroen',
  'Kim',
  'Luca',
  'Marit',
  'Nadia',
  'Otto',
]

export const LAST_NAMES: readonly string[] = [
  'de Vries',
  'Jansen',
  'Bakker',
  'van Dijk',
  'Visser',
  'Smit',
  'Meijer',
  'Mulder',
  'Bos',
  'Vos',
  'Peters',
  'Hendriks',
  'Dekker',
  'Brouwer',
  'van Leeuwen',
  'Kok',
  'Schouten',
  'Kuipers',
  'Willems',
  'Postma',
  'Yılmaz',
  'Novák',
  'Rossi',
  'Dubois',
  'Schneider',
  'Moreau',
  'Lindqvist',
  'Okafor',
  'Petrov',
  'Ferreira',
]

/** Departments with their number of people; 120 together. */
const DEPARTMENTS: readonly (readonly [string, DemoUser['site'], number])[] = [
  ['Teachers of languages', 'school', 18],
  ['Teachers of sciences', 'school', 20],
  ['Teachers of arts and music', 'school', 12],
  ['School administration', 'school', 10],
  ['Finance', 'office', 16],
  ['Human resources', 'office', 10],
  ['Facilities', 'office', 18],
  ['Information technology', 'office', 16],
]

/** 120 people with addresses under an example domain, each name once. */
export function demoUsers(random: Random): readonly DemoUser[] {
  const names = new Set<string>()
  return DEPARTMENTS.flatMap(([department, site, count]) =>
    Array.from({ length: count }, () => {
      const name = freshName(random, names)
      return { name, email: `${mailName(name)}@meridian.example`, department, site }
    }),
  )
}

function freshName(random: Random, names: Set<string>): string {
  for (;;) {
    const name = `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`
    if (names.has(name)) continue
    names.add(name)
    return name
  }
}

/** The part of an address before the `@`, made of a first and a last name. */
export function mailName(name: string): string {
  const letters = name
    .toLowerCase()
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/[^a-z ]/g, '')
  const [first = '', ...last] = letters.split(' ')
  return `${first}.${last.join('')}`
}

/** One element of a list that is not empty. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new RangeError('There is nothing to pick from')
  return item
}
