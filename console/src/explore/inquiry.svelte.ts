// One question at a time: asked, cancelled, answered.

import * as api from "../api.ts";
import { describe } from "../console.svelte.ts";
import { granularity, type Range } from "../series.ts";
import type { Change, Explanation } from "../types.ts";
import { filters, query, range as rangeOf, written, type Question } from "./question.ts";
import type { Result } from "./result.ts";

const COLUMNS = 110;
const EVENTS_MOST = 200;
const CHANGES_MOST = 40;

export interface Shown {
  question: Question;
  range: Range;
  /** Seconds. */
  step: number;
  result: Result | null;
  before: Result | null;
  changes: Change[];
}

const kind = (question: Question): string => (question.view === "events" ? "events" : "rows");
const core = (question: Question): string => kind(question) + written({ ...question, box: null, view: "charts" });

export class Inquiry {
  busy = $state(false);
  failure = $state<string | null>(null);
  boxFailure = $state<string | null>(null);
  shown = $state.raw<Shown | null>(null);
  events = $state.raw<{ events: api.RawEvent[]; truncated: boolean } | null>(null);
  explanation = $state.raw<Explanation | null>(null);
  elapsed = $state(0);
  #control: AbortController | null = null;
  #boxControl: AbortController | null = null;
  #core = "";
  #box = "";

  /** What is shown stays as it is though the question is now about a fixed time. */
  pin(question: Question): void {
    if (this.#core.startsWith(kind(question))) this.#core = core(question);
  }

  /** Asks, unless just that is shown already; the box has an answer of its own. */
  async ask(question: Question, anew = false, byItself = false): Promise<void> {
    void this.#explain(question, anew, byItself);
    const wish = core(question) + (question.view === "events" ? JSON.stringify(question.box) : "");
    if (wish === this.#core && !anew && !this.failure) return;
    this.cancel();
    this.#core = wish;
    const control = new AbortController();
    this.#control = control;
    this.busy = true;
    this.failure = null;
    const begun = performance.now();
    try {
      if (question.view === "events") await this.#fetch(question, control.signal);
      else await this.#run(question, control.signal, byItself);
      this.elapsed = performance.now() - begun;
    } catch (thrown) {
      if (control.signal.aborted) return;
      this.failure = describe(thrown);
    } finally {
      if (this.#control === control) this.busy = false;
    }
  }

  cancel(): void {
    this.#control?.abort();
    this.#control = null;
    if (this.busy) this.#core = "";
    this.busy = false;
  }

  /** Nobody looks any more: the box is given up too. */
  leave(): void {
    this.cancel();
    this.#boxControl?.abort();
  }

  async #run(question: Question, signal: AbortSignal, byItself: boolean): Promise<void> {
    const { range, step } = steps(question);
    const asked = query({ ...question, granularity: step }, range);
    const { compare_time_offset_seconds: offset, ...plain } = asked;
    const shift = (time: unknown): number => Number(time) - question.compare;
    // A comparison comes as figures of rows only; its lines are the same question at that time.
    const [result, before, changes] = await Promise.all([
      api.run(question.dataset, asked, signal, {}, byItself),
      offset
        ? api.run(question.dataset, { ...plain, orders: [], havings: [], limit: 1000, start_time: shift(plain["start_time"]), end_time: shift(plain["end_time"]) }, signal, {}, true)
        : null,
      api.changes(range.since, range.until).catch(() => []),
    ]);
    this.shown = {
      question, range, step, result, changes: changes.filter((each) => each.kind !== "build" && !each.first_sight).slice(-CHANGES_MOST),
      before: before && shifted(before, question.compare * 1000),
    };
  }

  async #fetch(question: Question, signal: AbortSignal): Promise<void> {
    const { range, step } = steps(question);
    this.events = await api.events(around(question, range), EVENTS_MOST, signal);
    this.shown = { question, range, step, result: null, before: null, changes: [] };
  }

  async #explain(question: Question, anew: boolean, byItself: boolean): Promise<void> {
    const { box } = question;
    const wish = box ? JSON.stringify([question.dataset, question.where, question.span, box]) : "";
    if (wish === this.#box && !anew) return;
    this.#boxControl?.abort();
    this.#box = wish;
    this.explanation = null;
    this.boxFailure = null;
    if (!box) return;
    const control = new AbortController();
    this.#boxControl = control;
    const { range } = steps(question);
    try {
      const found = await api.bubbleup(
        { dataset: question.dataset, ...filters(question.where), start_time: seconds(range.since), end_time: seconds(range.until) },
        {
          ...(box.column ? { column: box.column } : {}), ...(box.min === null ? {} : { min: box.min }), ...(box.max === null ? {} : { max: box.max }),
          start_time: new Date(box.since).toISOString(), end_time: new Date(box.until).toISOString(),
        }, control.signal, byItself);
      if (!control.signal.aborted) this.explanation = found;
    } catch (thrown) {
      if (!control.signal.aborted) this.boxFailure = describe(thrown);
    }
  }
}

/** What the events of the box are asked with, or those of the whole question. */
function around(question: Question, range: Range): Record<string, unknown> {
  const told = filters(question.where);
  const { box } = question;
  const inside = box
    ? [told, ...(box.column && box.min !== null ? [{ column: box.column, op: ">=", value: box.min }] : []),
      ...(box.column && box.max !== null ? [{ column: box.column, op: "<", value: box.max }] : [])].filter((each) => !("filters" in each) || each.filters.length > 0)
    : null;
  return {
    dataset: question.dataset,
    ...(inside ? { filters: inside, filter_combination: "AND" } : told),
    start_time: seconds(box?.since ?? range.since), end_time: seconds(box?.until ?? range.until),
  };
}

const seconds = (time: number): number => Math.round(time / 1000);

/** The range in whole steps, so that every step has all of its events. */
function steps(question: Question): { range: Range; step: number } {
  const exact = rangeOf(question, Date.now());
  const step = question.granularity > 0 ? question.granularity : granularity(exact, COLUMNS);
  const size = step * 1000;
  return { step, range: { since: Math.floor(exact.since / size) * size, until: Math.ceil(exact.until / size) * size } };
}

/** The series of the comparison as if they were of now. */
function shifted(result: Result, by: number): Result {
  const later = (time: string): string => new Date(Date.parse(time) + by).toISOString();
  return { ...result, series: result.series.map((each) => ({ ...each, time: later(each.time) })) };
}
