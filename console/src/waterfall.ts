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
