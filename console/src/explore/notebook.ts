// Steps of notebooks: what a question saw, and whether it sees the same again.

import { rows } from "../causes.ts";
import { value } from "../format.ts";
import type { Explanation, NoteStep, Scalar, Seen } from "../types.ts";
import { called, isComplete, read, spoken, written, type Question } from "./question.ts";
import type { Inquiry, Shown } from "./inquiry.svelte.ts";
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

/** What a BubbleUp found: its first rows, with their shares in per cent. */
export function pinnedBox(explanation: Explanation, now: number): Seen {
  const found = rows(explanation);
  const share = (each: number): number => Math.round(each * 1000) / 10;
  const what = ({ terms, measured }: (typeof found)[number]): string =>
    (measured ? `${measured.field} ${measured.side}` : terms.map((term) => `${term.field} = ${value(term.value)}`).join(" and ")).slice(0, VALUE_MOST);
  return {
    at: new Date(now).toISOString(), fields: ["what they share", "in the box, %", "in the rest, %"],
    rows: found.slice(0, ROWS_PINNED).map((each) => [what(each), share(each.selectionShare), share(each.baselineShare)]),
    more: Math.max(0, found.length - ROWS_PINNED),
    examined: explanation.selected === undefined || explanation.baseline === undefined ? null : explanation.selected + explanation.baseline,
  };
}

/** What an inquiry saw of the question, pinned; null where it has not answered yet. */
export function seen(question: Question, { shown, explanation }: Pick<Inquiry, "shown" | "explanation">, now: number): Seen | null {
  if (question.box) return explanation && pinnedBox(explanation, now);
  return shown?.result ? pinned(question, shown.result.results, shown.result.info?.rows_examined ?? null, now) : null;
}

/** The step of a question as it is shown: about that very time, with what it saw. */
export function step(question: Question, shown: Shown, explanation: Explanation | null, now: number): NoteStep {
  const fixed: Question = { ...question, span: { since: shown.range.since, until: shown.range.until }, granularity: shown.step };
  return {
    title: spoken(question).slice(0, 255), note: "", question: JSON.parse(written(fixed)) as Record<string, unknown>,
    seen: seen(question, { shown, explanation }, now),
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
