/** Work that is under way, so that a test can wait until nothing is. */
export class Activity {
  readonly #under = new Set<Promise<unknown>>()
  #failure: { readonly error: unknown } | undefined

  /** A failure is kept for `settled`. */
  track(work: Promise<unknown>): void {
    const watched = work
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => this.#under.delete(watched))
    this.#under.add(watched)
  }

  /** Resolves when nothing is under way; rejects with the first failure since the last time. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under)
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
  }
}
