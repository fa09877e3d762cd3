// Scales, ticks and the layout of labels. No drawing here.

export type Scale = (value: number) => number;

/** Maps [low, high] onto [from, to] in proportion. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** Maps [low, high] onto [from, to] by logarithm; what is not positive lies at the low end. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const scale = linear(Math.log(low), Math.log(high), from, to);
  return (value) => scale(Math.log(Math.max(value, low)));
}

/** The inverse of {@link logarithmic}. */
export function logarithmicBack(low: number, high: number, from: number, to: number): Scale {
  const scale = linear(from, to, Math.log(low), Math.log(high));
  return (place) => Math.exp(scale(place));
}

/** The powers of ten within [low, high]. */
export function decades(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high; power++) {
    ticks.push(10 ** power);
  }
  return ticks;
}

/** Round moments within [since, until], at most {@code most} of them; milliseconds. */
export function moments(since: number, until: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400, 172_800, 432_000, 864_000, 2_592_000];
  const seconds = (until - since) / 1000;
  const step = (steps.find((size) => seconds / size <= most) ?? 8_640_000) * 1000;
  const ticks: number[] = [];
  for (let tick = Math.ceil(since / step) * step; tick <= until; tick += step) ticks.push(tick);
  return ticks;
}

/** The least round number that is not below the value: an even digit times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8, 10].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10) * power;
}

export interface Label { x: number; text: string }
/** Where a label stands; one that is crowded out has but its line. */
export interface Placed<T extends Label> { label: T; row: number; shown: boolean; left: boolean; crowded: boolean }

/**
 * Puts labels that start at their x into rows so that none touches another; one that fits nowhere
 * keeps its mark and loses its text. A label too near the right edge stands left of its x.
 */
export function place<T extends Label>(labels: T[], width: number, rows: number): Placed<T>[] {
  const taken: [number, number][][] = Array.from({ length: rows }, () => []);
  const sorted = [...labels].sort((a, b) => a.x - b.x);
  return sorted.map((label) => {
    const size = 18 + label.text.length * 7;
    const left = label.x + size > width && label.x - size > 0;
    const from = left ? label.x - size : label.x - 8;
    const to = left ? label.x + 8 : label.x + size;
    const free = (row: [number, number][]) => row.every(([a, b]) => to < a || from > b);
    const row = to > width + 8 ? -1 : taken.findIndex(free);
    if (row < 0) {
      const bare = taken.findIndex((each) => each.every(([a, b]) => label.x + 8 < a || label.x - 8 > b));
      taken[bare]?.push([label.x - 8, label.x + 8]);
      return { label, row: Math.max(0, bare), shown: false, left, crowded: bare < 0 };
    }
    taken[row]?.push([from, to]);
    return { label, row, shown: true, left, crowded: false };
  });
}
