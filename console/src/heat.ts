// The heatmap: its layout, its drawing, and the box that a person drags on it.

import { measure, onAxis } from "./format.ts";
import { decades, linear, logarithmic, logarithmicBack, moments, type Scale } from "./scale.ts";
import { columnTime, type Range } from "./series.ts";
import type { Column } from "./types.ts";

const LEFT = 54;
const RIGHT = 4;
const TOP = 22;
const BOTTOM = 24;

/** Where times and values lie on the picture. */
export interface Layout {
  width: number;
  height: number;
  range: Range;
  step: number;
  low: number;
  high: number;
  x: Scale;
  y: Scale;
  timeAt: Scale;
  valueAt: Scale;
}

/** A box on the picture, [since, until) by [min, max). */
export interface Frame { since: number; until: number; min: number; max: number }

/** Lays the columns out; null when there is nothing to show. */
export function layout(
  columns: Column[], range: Range, step: number, width: number, height: number,
): Layout | null {
  let low = Infinity;
  let high = 0;
  for (const { bins } of columns) {
    for (const bin of bins) {
      if (bin.count <= 0 || bin.high <= 0) continue;
      low = Math.min(low, bin.low > 0 ? bin.low : bin.high / 2);
      high = Math.max(high, bin.high);
    }
  }
  if (high === 0 || width < LEFT + 50) return null;
  if (high / low < 10) low = high / 10;
  const right = width - RIGHT;
  const base = height - BOTTOM;
  return {
    width, height, range, step, low, high,
    x: linear(range.since, range.until, LEFT, right),
    y: logarithmic(low, high, base, TOP),
    timeAt: linear(LEFT, right, range.since, range.until),
    valueAt: logarithmicBack(low, high, base, TOP),
  };
}

export interface Palette { base: string; ember: string; quiet: string; sans: string }

export interface Scene {
  columns: Column[];
  field: string;
  threshold: number | null;
  burning: Range | null;
  label: string;
  frame: Frame | null;
}

/** Draws the whole picture. */
export function draw(context: CanvasRenderingContext2D, place: Layout, scene: Scene, ink: Palette): void {
  context.clearRect(0, 0, place.width, place.height);
  cells(context, place, scene, ink);
  axes(context, place, scene, ink);
  if (scene.frame) outline(context, place, scene.frame, ink, "");
  else band(context, place, scene, ink);
}

function cells(context: CanvasRenderingContext2D, place: Layout, scene: Scene, ink: Palette): void {
  let most = 1;
  for (const { bins } of scene.columns) for (const bin of bins) most = Math.max(most, bin.count);
  for (const column of scene.columns) {
    const time = columnTime(column);
    const from = Math.max(LEFT, place.x(time));
    const to = Math.min(place.width - RIGHT, place.x(time + place.step * 1000));
    if (to <= from) continue;
    for (const bin of column.bins) {
      if (bin.count <= 0) continue;
      const top = place.y(bin.high);
      const failing = isFailing(scene, time, bin.low);
      const strength = Math.log1p(bin.count) / Math.log1p(most);
      context.globalAlpha = (failing ? 0.35 : 0.12) + (failing ? 0.65 : 0.83) * strength;
      context.fillStyle = failing ? ink.ember : ink.base;
      context.fillRect(from, top, Math.max(1, to - from - 0.6), Math.max(1, place.y(bin.low) - top - 0.6));
    }
  }
  context.globalAlpha = 1;
}

function isFailing(scene: Scene, time: number, low: number): boolean {
  const { threshold, burning } = scene;
  return threshold !== null && burning !== null && low >= threshold * 0.999
    && time >= burning.since - 1000 && time <= burning.until;
}

function axes(context: CanvasRenderingContext2D, place: Layout, scene: Scene, ink: Palette): void {
  context.font = `12px ${ink.sans}`;
  context.fillStyle = ink.quiet;
  context.textAlign = "right";
  for (const tick of decades(place.low, place.high)) {
    context.fillText(measure(scene.field, tick), LEFT - 8, place.y(tick) + 4);
  }
  context.textAlign = "center";
  for (const tick of moments(place.range.since, place.range.until, place.width < 500 ? 4 : 7)) {
    const at = place.x(tick);
    if (at > LEFT + 14 && at < place.width - 18) context.fillText(onAxis(tick, place.range.until - place.range.since), at, place.height - 7);
  }
  if (scene.threshold !== null && scene.threshold > place.low && scene.threshold < place.high) {
    const y = place.y(scene.threshold);
    context.strokeStyle = ink.quiet;
    context.lineWidth = 1;
    context.setLineDash([3, 4]);
    line(context, LEFT, y, place.width - RIGHT, y);
    context.setLineDash([]);
    context.textAlign = "left";
    context.fillText(`limit ${measure(scene.field, scene.threshold)}`, LEFT + 6, y - 6);
  }
}

/** The failing band of the burn, framed and counted. */
function band(context: CanvasRenderingContext2D, place: Layout, scene: Scene, ink: Palette): void {
  const { threshold, burning } = scene;
  if (threshold === null || burning === null || threshold >= place.high) return;
  let high = 0;
  for (const column of scene.columns) {
    const time = columnTime(column);
    for (const bin of column.bins) {
      if (bin.count > 0 && isFailing(scene, time, bin.low)) high = Math.max(high, bin.high);
    }
  }
  if (high === 0) return;
  const frame = { since: burning.since, until: burning.until, min: threshold, max: high };
  outline(context, place, frame, ink, scene.label);
}

function outline(
  context: CanvasRenderingContext2D, place: Layout, frame: Frame, ink: Palette, label: string,
): void {
  const left = Math.max(LEFT, place.x(frame.since));
  const right = Math.min(place.width - RIGHT, place.x(frame.until));
  const top = place.y(Math.min(frame.max, place.high));
  const bottom = place.y(Math.max(frame.min, place.low));
  context.strokeStyle = ink.ember;
  context.lineWidth = 2;
  context.strokeRect(left, top, right - left, bottom - top);
  if (!label) return;
  context.font = `600 12px ${ink.sans}`;
  context.fillStyle = ink.ember;
  const fits = left + context.measureText(label).width < place.width - RIGHT;
  context.textAlign = fits ? "left" : "right";
  context.fillText(label, fits ? left : right, Math.max(12, top - 6));
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The box between two places on the picture, in whole columns. */
export function frame(place: Layout, x1: number, y1: number, x2: number, y2: number): Frame {
  const inside = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const left = inside(Math.min(x1, x2), LEFT, place.width - RIGHT);
  const right = inside(Math.max(x1, x2), LEFT, place.width - RIGHT);
  const top = inside(Math.min(y1, y2), TOP, place.height - BOTTOM);
  const bottom = inside(Math.max(y1, y2), TOP, place.height - BOTTOM);
  const step = place.step * 1000;
  const since = Math.floor(place.timeAt(left) / step) * step;
  const until = Math.max(since + step, Math.ceil(place.timeAt(right) / step) * step);
  // At the rim of the picture the box takes in what lies there.
  const max = top <= TOP + 1 ? place.high * 1.001 : place.valueAt(top);
  const min = bottom >= place.height - BOTTOM - 1 ? 0 : place.valueAt(bottom);
  return { since, until, min: rounded(min), max: rounded(max) };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
