/** Tasks of an event that fail on demand, each by chance, while its neighbors succeed. */
import type { FaultPlan } from './faults.ts'
import type { KnownErrorNumber } from './refusal.ts'

export interface Parted<Task> {
  readonly spared: readonly Task[]
  readonly refused: ReadonlyMap<KnownErrorNumber, readonly Task[]>
}

/** `words` say what the tasks are about, for orders that match only some. */
export function partedByFaults<Task>(
  faults: FaultPlan,
  words: readonly string[],
  tasks: readonly Task[],
): Parted<Task> {
  const refused = new Map<KnownErrorNumber, Task[]>()
  if (!faults.rules.some(({ order }) => order.fault === 'partial-failure')) return { spared: tasks, refused }
  const spared: Task[] = []
  for (const task of tasks) {
    const order = faults.take(['partial-failure'], words)
    if (!order) spared.push(task)
    else addTo(refused, order.errorNumber ?? 9603, task)
  }
  return { spared, refused }
}

/** Both together, by error number. */
export function mergedOutcomes<Key, Task>(
  one: ReadonlyMap<Key, readonly Task[]>,
  other: ReadonlyMap<Key, readonly Task[]>,
): ReadonlyMap<Key, readonly Task[]> {
  const merged = new Map(one)
  for (const [key, tasks] of other) merged.set(key, [...(merged.get(key) ?? []), ...tasks])
  return merged
}

function addTo<Key, Task>(groups: Map<Key, Task[]>, key: Key, task: Task): void {
  const group = groups.get(key)
  if (group) group.push(task)
  else groups.set(key, [task])
}
