// From counts to what the charts show: burn rates, budget left, the window to look at.

import type { Change, Column, Incident, Point, Slo } from "./types.ts";

export interface Range { since: number; until: number }
export interface Level { time: number; value: number | null }

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How many times faster than allowed the budget is spent, step by step; null without events. */
export function burnRates(points: Point[], target: number): Level[] {
  return points.map(({ time, good, eligible }) => ({
    time: Date.parse(time),
    value: eligible > 0 ? (eligible - good) / eligible / (1 - target) : null,
  }));
}

/**
 * The budget left after each step, reckoned back from what is left now.
 *
 * @param badSince bad events between the last point and now
 */
export function budgetLeft(points: Point[], slo: Slo, badSince: number): Level[] {
  const allowed = (1 - slo.target) * slo.eligible;
  if (slo.budget_remaining == null || !(allowed > 0)) return [];
  let left = slo.budget_remaining + badSince / allowed;
  const levels: Level[] = [];
  for (const { time, good, eligible } of [...points].reverse()) {
    levels.push({ time: Date.parse(time), value: left });
    left += (eligible - good) / allowed;
  }
  return levels.reverse();
}

/** When the burn ended: when its mitigation took effect, or when the incident closed. */
export function burnEnd(incident: Incident): number | null {
  const mitigation = incident.mitigation;
  const stopped = mitigation?.state === "effective" ? mitigation.applied_at : null;
  const end = stopped ?? incident.closed_at;
  return end ? Date.parse(end) : null;
}

/** The hour to show: the last one while the incident lives, else the one around it. */
export function hourOf(incident: Incident | null, now: number): Range {
  const closed = incident?.closed_at ? Date.parse(incident.closed_at) : now;
  const until = Math.min(now, closed + 10 * MINUTE);
  return { since: until - HOUR, until };
}

/** The minutes around the burn, in which its band fills a good part of the picture. */
export function closeUp(incident: Incident, now: number): Range {
  const began = Date.parse(incident.burn_began_at);
  const end = burnEnd(incident) ?? now;
  const length = Math.max(MINUTE, end - began);
  const lead = Math.min(40 * MINUTE, Math.max(4 * MINUTE, length * 1.5));
  const until = Math.min(now, end + Math.max(2 * MINUTE, length / 2));
  return { since: Math.max(began - lead, until - 6 * HOUR), until };
}

/** A round number of seconds that cuts the range into at most {@code most} columns. */
export function granularity(range: Range, most: number): number {
  const seconds = (range.until - range.since) / 1000;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
  return steps.find((step) => seconds / step <= most) ?? 86_400;
}

/** A column's time in milliseconds; it may come as RFC 3339 or as Unix seconds. */
export const columnTime = (column: Column): number =>
  typeof column.time === "number" ? column.time * 1000 : Date.parse(column.time);

/** Events at or above the threshold in the columns from {@code since} to {@code until}. */
export function countAbove(columns: Column[], threshold: number, range: Range): number {
  let sum = 0;
  for (const column of columns) {
    const time = columnTime(column);
    if (time < range.since || time > range.until) continue;
    for (const bin of column.bins) if (bin.low >= threshold * 0.999) sum += bin.count;
  }
  return sum;
}

/** The changes within the range, and the mitigation among them even if nobody recorded it. */
export function changesIn(range: Range, changes: Change[], incident: Incident): Change[] {
  const inside = changes.filter((change) => {
    const time = Date.parse(change.time);
    return time >= range.since && time <= range.until && !change.first_sight;
  });
  const mitigation = incident.mitigation;
  const applied = mitigation?.applied_at;
  if (!mitigation || !applied) return inside;
  const { flag } = mitigation.action;
  const isTold = inside.some((change) =>
    change.flag === flag && Math.abs(Date.parse(change.time) - Date.parse(applied)) < MINUTE);
  const own: Change = {
    id: mitigation.id, kind: "flag", time: applied, name: flag, flag, own: true, summary: "mitigation",
  };
  return isTold ? inside : [...inside, own];
}

/** The sign of a change, the same everywhere: ▲ build or deploy, ◆ flag, ● guard. */
export function sign(change: Change): "▲" | "◆" | "●" | "■" {
  if (change.own || /^(guard|firebreak)$/i.test(change.actor ?? "")) return "●";
  switch (change.kind) {
    case "build":
    case "deploy":
      return "▲";
    case "flag":
      return "◆";
    case "marker":
      return "■";
  }
}
