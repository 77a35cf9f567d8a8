/** Taking back, freeing and adopting as text: what would happen, and what became of it (L6, S5). */
import type { Intervention } from '../intervening.ts'
import type { Output, World } from '../world.ts'
import { localMoment } from './moment.ts'
import { printable } from './printable.ts'
import { facts } from './table.ts'

const verbs: Readonly<Record<Intervention['kind'], string>> = {
  take_back: 'Take back',
  free: 'Free',
  adopt: 'Adopt',
  undo: 'Undo',
}

const whatHappens: Readonly<Record<Intervention['kind'], string>> = {
  take_back: 'are taken back',
  free: 'are taken back',
  adopt: 'become ours',
  undo: 'go to their holders again, and are ours from then on',
}

/** What would happen, for how many, and what is passed over and why. */
export function describePreview(
  { kind, scope, preview }: Intervention,
  { paint }: Pick<Output, 'paint'>,
): string {
  const lines = [`${paint('bold', verbs[kind])}: ${scopeText(scope)}`]
  const takes = kind === 'take_back' || kind === 'free'
  const say = (count: number, text: string, color: 'green' | 'yellow' | 'dim') => {
    if (count > 0) lines.push(`  ${paint(color, `${licenses(count)} ${text}`)}`)
  }
  say(preview.licenses, whatHappens[kind], 'green')
  say(preview.withheld, 'of these are still required, and withheld until given again', 'yellow')
  say(preview.comeBack, 'of these are required by no assignment, and are taken back then', 'yellow')
  say(preview.toQueue, 'that come free go to devices that wait', 'dim')
  if (preview.queued > 0) {
    const text = `${devices(preview.queued)} withheld no longer, waiting in the old place in the queue`
    lines.push(`  ${paint('green', text)}`)
  }
  if (preview.waitingWithheld > 0) {
    lines.push(`  ${paint('yellow', `${devices(preview.waitingWithheld)} that wait are withheld too`)}`)
  }
  for (const { count, text } of preview.skipped) {
    lines.push(`  ${paint('dim', `${licenses(count)} passed over: ${printable(text)}`)}`)
  }
  if (takes && preview.licenses > 0) {
    lines.push(paint('yellow', 'Note: the app stops working there within 30 days.'))
  }
  lines.push(facts([['Requests', `${preview.requests} to Apple, at least`]], paint))
  return lines.join('\n')
}

/** What became of it so far. */
export function describeRecord(record: Intervention, { stdout, timeZone }: World): string {
  const rows: [string, string][] = [
    ['Record', record.id],
    ['What', `${verbs[record.kind]}: ${scopeText(record.scope)}`],
    ['By', `${printable(record.appliedBy ?? '–')}, ${localMoment(record.appliedAt, timeZone)}`],
    [
      'State',
      record.state === 'running' ? `running, ${record.appsDone} of ${record.appsTotal} apps` : record.state,
    ],
    ...record.counts.map(({ outcome, count, text }): [string, string] => [
      outcome,
      `${count}  ${printable(text)}`,
    ]),
  ]
  if (record.withheldNow > 0) {
    rows.push([
      'Withheld',
      `${record.withheldNow} still; to undo: apportion licenses give-again --record ${record.id}`,
    ])
  }
  if (record.undoes !== null) rows.push(['Undoes', record.undoes])
  if (record.undoneBy !== null) rows.push(['Undone by', record.undoneBy])
  if (record.undoUntil !== null) {
    const until = localMoment(record.undoUntil, timeZone)
    rows.push(['Undo', `until ${until}: apportion licenses undo ${record.id}`])
  }
  return facts(rows, stdout.paint)
}

/** What it is about, in words. */
export function scopeText({ token, asset, holder, user, idle }: Intervention['scope']): string {
  const where = [
    asset === null ? null : printable(asset.name),
    token === null ? null : `of ${printable(token.name)}`,
    holder === null ? null : `on ${printable(holder.id)}`,
    user === null ? null : `of user ${printable(user.name)}, with devices`,
  ].filter((part) => part !== null)
  if (idle !== null) return ['idle', ...where, `(${idle.join(', ')})`].join(' ')
  if (where.length === 0) return 'everything'
  return asset === null ? `all ${where.join(' ')}` : where.join(' ')
}

const licenses = (count: number): string => (count === 1 ? '1 license' : `${count} licenses`)
const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`)
