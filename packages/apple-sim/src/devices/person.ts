/** The person who holds a device: what is asked of them, how often, and what they answer. */
import type { SimClock } from '../clock.ts'
import type { Timeline } from '../timeline.ts'

/**
 * `join_program`: the invitation to Apps and Books. `install`, `update`: may the app come. `sign_in`: the password of the
 * Apple Account. `management`: may an app of one's own be managed.
 */
export const promptKinds = ['join_program', 'install', 'sign_in', 'management', 'update'] as const
export type PromptKind = (typeof promptKinds)[number]

/** `ignore` leaves the question on the screen. */
export type Habit = 'accept' | 'refuse' | 'ignore'
export type Answered = Exclude<Habit, 'ignore'>

export interface Manner {
  readonly habit: Habit
  /** How long the person takes, in milliseconds. */
  readonly afterMs: number
}

/** What a person does with each question; what is left out stays as it is. */
export type Manners = Partial<Readonly<Record<PromptKind, Habit | Manner>>>

const USUAL_DELAY_MS = 20_000

interface Question {
  readonly kind: PromptKind
  readonly heard: (answer: Answered) => void
}

export class Person {
  readonly #clock: SimClock
  readonly #timeline: Timeline
  readonly #manners = new Map<PromptKind, Manner>()
  readonly #shown = new Map<PromptKind, number>()
  readonly #open = new Set<Question>()

  constructor(clock: SimClock, timeline: Timeline, habit: Habit = 'accept') {
    this.#clock = clock
    this.#timeline = timeline
    this.always(habit)
  }

  /** From now on every question gets the same answer, after the usual 20 seconds or `afterMs`. */
  always(habit: Habit, afterMs = USUAL_DELAY_MS): void {
    for (const kind of promptKinds) this.#manners.set(kind, { habit, afterMs })
  }

  /** From now on these questions get these answers. */
  behaves(manners: Manners): void {
    for (const kind of promptKinds) {
      const manner = manners[kind]
      if (manner === undefined) continue
      const whole = typeof manner === 'string' ? { habit: manner, afterMs: USUAL_DELAY_MS } : manner
      this.#manners.set(kind, whole)
    }
  }

  /** How often each question was shown, all zero at first. */
  get promptsShown(): Readonly<Record<PromptKind, number>> {
    const count = (kind: PromptKind): number => this.#shown.get(kind) ?? 0
    return {
      join_program: count('join_program'),
      install: count('install'),
      sign_in: count('sign_in'),
      management: count('management'),
      update: count('update'),
    }
  }

  /** The questions on the screen, oldest first. */
  get openPrompts(): readonly PromptKind[] {
    return [...this.#open].map(({ kind }) => kind)
  }

  /** Answers every open question of a kind at once; tells how many there were. */
  answer(kind: PromptKind, answer: Answered): number {
    const questions = [...this.#open].filter((question) => question.kind === kind)
    for (const question of questions) this.#close(question, answer)
    return questions.length
  }

  /** Shows a question. `heard` is called once, later, or never; the result takes the question off the screen. */
  ask(kind: PromptKind, heard: (answer: Answered) => void): () => void {
    this.#shown.set(kind, (this.#shown.get(kind) ?? 0) + 1)
    const question = { kind, heard }
    this.#open.add(question)
    const { habit, afterMs } = this.#manners.get(kind) ?? { habit: 'ignore', afterMs: 0 }
    if (habit !== 'ignore') this.#timeline.at(this.#clock.now() + afterMs, () => this.#close(question, habit))
    return () => this.#open.delete(question)
  }

  #close(question: Question, answer: Answered): void {
    if (this.#open.delete(question)) question.heard(answer)
  }
}
