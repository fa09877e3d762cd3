// Steps of notebooks: what a question saw, and whether it sees the same again.

import type { NoteStep, Scalar, Seen } from "../types.ts";
import { called, isComplete, read, spoken, written, type Question } from "./question.ts";
import type { Shown } from "./inquiry.svelte.ts";
import type { Row } from "./result.ts";

/** As the server limits a notebook. */
export const STEPS_MOST = 100;
const ROWS_PINNED = 20;
const FIELDS_MOST = 20;
const VALUE_MOST = 200;

const scalar = (cell: unknown): Scalar =>
  cell === null || cell === undefined || typeof cell === "object" ? null : typeof cell === "string" ? cell.slice(0, VALUE_MOST) : (cell as Scalar);

/** The figures of the first rows. */
export function pinned(question: Question, rows: Row[], examined: number | null, now: number): Seen {
  const fields = [
    ...question.breakdowns.filter(Boolean),
    ...question.calculations.filter((each) => each.op !== "HEATMAP" && isComplete(each)).map(called),
    ...question.formulas.map((each) => each.name).filter(Boolean),
  ].slice(0, FIELDS_MOST);
  return {
    at: new Date(now).toISOString(), fields,
    rows: rows.slice(0, ROWS_PINNED).map(({ data }) => fields.map((field) => scalar(data[field]))),
    more: Math.max(0, rows.length - ROWS_PINNED), examined,
  };
}

/** The step of a question as it is shown: about that very time, with what it saw. */
export function step(question: Question, shown: Shown, now: number): NoteStep {
  const fixed: Question = { ...question, span: { since: shown.range.since, until: shown.range.until }, granularity: shown.step };
  return {
    title: spoken(question).slice(0, 255), note: "", question: JSON.parse(written(fixed)) as Record<string, unknown>,
    seen: shown.result ? pinned(question, shown.result.results, shown.result.info?.rows_examined ?? null, now) : null,
  };
}

export const questionOf = (each: NoteStep): Question => read(JSON.stringify(each.question ?? {}));

/** What differs between what was seen then and now, in one sentence; null where all is the same. */
export function changedSince(then: Seen, now: Seen): string | null {
  const differ = then.rows.filter((row, index) => JSON.stringify(row) !== JSON.stringify(now.rows[index])).length + Math.max(0, now.rows.length - then.rows.length);
  const more = now.more - then.more;
  if (differ === 0 && more === 0) return null;
  const rows = differ > 0 ? `${differ} of ${Math.max(then.rows.length, now.rows.length)} rows differ from what was pinned` : "the rows that were pinned are the same";
  return more === 0 ? rows : `${rows}; there ${Math.abs(more) === 1 ? "is" : "are"} ${Math.abs(more)} ${more > 0 ? "more" : "fewer"} beyond them`;
}
