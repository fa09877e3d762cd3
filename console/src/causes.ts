// What the selected events share, made ready for bars.

import { measure } from "./format.ts";
import type { Bar, Cause, Difference, Explanation, Term, Told } from "./types.ts";

/** One row of bars: terms, or a number whose distribution differs. */
export interface Row {
  terms: Term[];
  measured: { field: string; bars: Bar[]; side: string } | null;
  selectionShare: number;
  baselineShare: number;
  excess: number;
  p: number;
  told: Told;
}

/** The ranked causes, then what else differs; each thing once. */
export function rows(explanation: Pick<Explanation, "causes" | "conjunctions" | "differences">): Row[] {
  const { causes, conjunctions, differences } = explanation;
  const single = differences.filter((each) => each.type === "dimension").map(asCause);
  const numbers = differences.filter((each) => each.type === "measure").map(measured);
  const seen = new Set<string>();
  const terms = [...causes, ...[...conjunctions, ...single].sort((a, b) => b.excess - a.excess)]
    .filter((cause) => {
      const key = JSON.stringify(cause.terms.map((term) => [term.field, term.value]).sort());
      return !seen.has(key) && seen.add(key);
    })
    .map(termed);
  return [...terms, ...numbers];
}

/** How much of the burn the row explains, 0 to 1; null when the whole is not known. */
export function shareOfBurn(row: Row, whole: number | undefined): number | null {
  return whole && whole > 0 ? Math.max(0, Math.min(1, row.excess / whole)) : null;
}

function asCause(difference: Difference): Cause {
  return { ...difference, terms: [{ field: difference.field, value: difference.value ?? null }] };
}

function termed(cause: Cause): Row {
  return {
    terms: cause.terms, measured: null, selectionShare: cause.selection_share,
    baselineShare: cause.baseline_share, excess: cause.excess, p: cause.p_value,
    told: cause,
  };
}

function measured(difference: Difference): Row {
  const bars = difference.histogram ?? [];
  return {
    terms: [],
    measured: { field: difference.field, bars, side: side(difference, bars) },
    selectionShare: difference.selection_share, baselineShare: difference.baseline_share,
    excess: difference.excess, p: difference.p_value, told: difference,
  };
}

/** In words, on which side the selected events lie. */
function side({ field, split, above }: Difference, bars: Bar[]): string {
  if (split !== undefined) return `${above === false ? "<" : "≥"} ${measure(field, split)}`;
  const middle = (share: (bar: Bar) => number): number => {
    let sum = 0;
    const all = bars.reduce((total, bar) => total + share(bar), 0);
    for (const bar of bars) {
      sum += share(bar);
      if (sum >= all / 2) return bar.low;
    }
    return 0;
  };
  if (bars.length === 0) return "differs";
  const selected = middle((bar) => bar.selection_share);
  const rest = middle((bar) => bar.baseline_share);
  const around = `around ${measure(field, selected)}, the rest around ${measure(field, rest)}`;
  return selected === rest ? "differs in its spread" : around;
}
