// The waterfall of a trace: which spans are seen, where their bars lie, which of them match.

import type { Span } from "./types.ts";

/** The spans that are seen, by their index: all but those below a folded one. */
export function visible(spans: Span[], folded: ReadonlySet<number>): number[] {
  const seen: number[] = [];
  let below = Infinity;
  spans.forEach((span, index) => {
    if (span.depth > below) return;
    below = folded.has(index) ? span.depth : Infinity;
    seen.push(index);
  });
  return seen;
}

/** Whether folding the one hides the other. */
export function hidden(spans: Span[], folded: number, index: number): boolean {
  const depth = spans[folded]?.depth ?? 0;
  if (index <= folded) return false;
  for (let at = folded + 1; at <= index; at++) if ((spans[at]?.depth ?? 0) <= depth) return false;
  return true;
}

/** Where a span's bar lies, in per cent of the whole. */
export function bar(span: Span, whole: number): { left: number; width: number } {
  const left = Math.max(0, Math.min(100, (span.offset_ms / whole) * 100));
  return { left, width: Math.max(0, Math.min(100 - left, (span.duration_ms / whole) * 100)) };
}

/** Whether the text is in the span's name, or in one of its fields or their values. */
export function matches(span: Span, text: string): boolean {
  const wanted = text.toLowerCase();
  const has = (each: unknown): boolean => String(each).toLowerCase().includes(wanted);
  return has(span.name) || has(span.dataset)
    || Object.entries(span.fields).some(([field, value]) => has(field) || has(value) || has(`${field}=${String(value)}`));
}

/** Round places on the ruler, in milliseconds. */
export function ticks(whole: number): number[] {
  const rough = whole / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step).filter((each) => each < whole * 0.97);
}

export const LETTERS = ["A", "B", "C", "D", "E", "F"];
const LOOKED_AT = 500;
const FIELDS_MOST = 60;

/** The fields that spans may be told apart by: those of the first ones, the usual ones first. */
export function toneFields(spans: Span[]): string[] {
  const names = new Set(spans.slice(0, LOOKED_AT).flatMap((span) => Object.keys(span.fields)));
  for (const id of ["trace.trace_id", "trace.span_id", "trace.parent_id", "duration_ms", "name"]) names.delete(id);
  const usual = ["service.name", "service_name", "host.name"].filter((each) => names.delete(each));
  return ["dataset", "name", ...usual, ...[...names].sort()].slice(0, FIELDS_MOST);
}

export function toneOf(span: Span, field: string): string {
  const found = field === "dataset" ? span.dataset : field === "name" ? span.name : span.fields[field];
  return found === undefined || found === null ? "(none)" : String(found);
}

/** The most frequent values, each with its place among the colours. */
export function tonesOf(spans: Span[], field: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const span of spans) counts.set(toneOf(span, field), (counts.get(toneOf(span, field)) ?? 0) + 1);
  const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, LETTERS.length);
  return new Map(most.map(([value], index) => [value, index]));
}
