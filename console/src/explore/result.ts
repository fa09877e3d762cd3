// What the server answers to a question, made ready for charts and tables.

import type { Column, Scalar } from "../types.ts";

export type Cell = Scalar | { bins: { low: number; high: number; count: number }[] };
export type Cells = Record<string, Cell>;
export interface Row { data: Cells; compare_data?: Cells }
export interface Moment { time: string; data: Cells }

export interface Result {
  results: Row[];
  series: Moment[];
  total_by_aggregate?: Cells;
  total_by_aggregate_series?: Moment[];
  other_by_aggregate?: Cells;
  info?: { granularity_seconds?: number; rows_examined?: number };
}

export interface Line {
  key: string;
  name: string;
  group: Scalar[];
  points: { time: number; value: number | null }[];
}

/** The groups that charts draw at most; the table has them all. */
export const LINES_MOST = 24;

const scalar = (cell: Cell | undefined): Scalar => (cell === undefined || typeof cell === "object" ? null : cell);

/** The group that a row or a moment belongs to. */
export const group = (cells: Cells, breakdowns: string[]): Scalar[] => breakdowns.map((field) => scalar(cells[field]));

export const groupKey = (values: Scalar[]): string => JSON.stringify(values);

/** The group as text. */
export const groupName = (values: Scalar[], every = "all"): string =>
  values.length === 0 ? every : values.map((each) => (each === null ? "(none)" : each === "" ? "(empty)" : String(each))).join(" · ");

export const figure = (cells: Cells | undefined, name: string): number | null => {
  const found = cells?.[name];
  return typeof found === "number" ? found : null;
};

/** One line for each of the first groups; without breakdowns one for all. */
export function lines(result: Result, breakdowns: string[], name: string): Line[] {
  const order = result.results.slice(0, LINES_MOST).map((row) => group(row.data, breakdowns));
  const found = new Map<string, Line>(order.map((values) =>
    [groupKey(values), { key: groupKey(values), name: groupName(values), group: values, points: [] }]));
  for (const { time, data } of result.series) {
    found.get(groupKey(group(data, breakdowns)))?.points.push({ time: Date.parse(time), value: figure(data, name) });
  }
  return [...found.values()];
}

/** The columns of a heatmap: of one group where one is named, else of all events. */
export function columns(result: Result, breakdowns: string[], name: string, only: string | null): Column[] {
  const moments = only !== null && breakdowns.length > 0
    ? result.series.filter(({ data }) => groupKey(group(data, breakdowns)) === only)
    : breakdowns.length > 0 ? (result.total_by_aggregate_series ?? []) : result.series;
  return moments.flatMap(({ time, data }) => {
    const cell = data[name];
    return cell && typeof cell === "object" ? [{ time, bins: cell.bins }] : [];
  });
}

/** By how much a figure differs from that of the comparison. */
export function difference(row: Row, name: string): number | null {
  const now = figure(row.data, name);
  const before = figure(row.compare_data, name);
  return now === null || before === null ? null : now - before;
}

/** The rows as comma-separated values. */
export function csv(header: string[], rows: (string | number | null)[][]): string {
  const cell = (each: string | number | null): string => {
    let text = each === null ? "" : String(each);
    // A spreadsheet would compute what begins so.
    if (typeof each === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((line) => line.map(cell).join(",")).join("\r\n");
}

/** The points at every step of the range; what is missing counts as zero, or is not known. */
export function shape(
  points: { time: number; value: number | null }[], range: { since: number; until: number }, step: number, zero: boolean,
): { time: number; value: number | null }[] {
  const many = step > 0 ? Math.max(0, Math.ceil((range.until - range.since) / step)) : 0;
  const steps = Array.from({ length: many }, (_, index): { time: number; value: number | null } =>
    ({ time: range.since + index * step, value: zero ? 0 : null }));
  for (const { time, value } of points) {
    const slot = steps[Math.floor((time - range.since) / step + 1e-6)];
    if (slot && value !== null) slot.value = value;
  }
  return steps;
}
