// One thing that a page loads: asked for, cancelled, asked for again. The newest answer wins.

import { describe } from "./console.svelte.ts";

type Ask<T> = (signal: AbortSignal, part: (value: T) => void) => Promise<T>;

export class Loading<T> {
  /** The answer, or what of it has come so far; kept while it is asked for again. */
  value = $state.raw<T | null>(null);
  failure = $state<string | null>(null);
  busy = $state(false);
  cancelled = $state(false);
  #control: AbortController | null = null;
  #ask: Ask<T> | null = null;

  /** Asks; what an effect returns to give up when it is no longer wanted. */
  load(ask: Ask<T>): () => void {
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.#ask = ask;
    this.busy = true;
    this.failure = null;
    this.cancelled = false;
    const isCurrent = (): boolean => this.#control === control && !control.signal.aborted;
    ask(control.signal, (value) => { if (isCurrent()) this.value = value; }).then(
      (value) => {
        if (!isCurrent()) return;
        this.value = value;
        this.busy = false;
      },
      (thrown: unknown) => {
        if (!isCurrent()) return;
        this.failure = describe(thrown);
        this.busy = false;
      });
    return () => control.abort();
  }

  cancel(): void {
    this.#control?.abort();
    this.busy = false;
    this.cancelled = true;
  }

  again(): void {
    if (this.#ask) this.load(this.#ask);
  }
}
