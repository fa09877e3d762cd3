import assert from "node:assert/strict";
import { test } from "node:test";
import { rows, shareOfBurn } from "../src/causes.ts";
import { frame, layout } from "../src/heat.ts";
import { changed } from "../src/preview.ts";
import { decades, linear, logarithmic, logarithmicBack, moments, place, roundUp } from "../src/scale.ts";
import { budgetLeft, burnRates, closeUp, columnTime, countAbove, granularity, hourOf, sign } from "../src/series.ts";
import type { Change, Incident, Slo } from "../src/types.ts";
// @ts-ignore: plain JavaScript
import { dryRun, explanation, story } from "./story.mjs";

const NOW = Date.parse("2026-11-23T14:05:00Z");
const MINUTE = 60_000;
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not near ${expected}`);

test("scales map their ends and what lies between", () => {
  near(linear(0, 10, 100, 200)(5), 150);
  near(linear(3, 3, 100, 200)(3), 100);
  near(logarithmic(1, 100, 0, 200)(10), 100);
  near(logarithmic(1, 100, 0, 200)(0), 0);
  near(logarithmicBack(1, 100, 0, 200)(100), 10);
});

test("ticks are round", () => {
  assert.deepEqual(decades(5, 20_000), [10, 100, 1000, 10_000]);
  assert.deepEqual(moments(NOW - 60 * MINUTE, NOW, 4).map((each) => new Date(each).getUTCMinutes()), [15, 30, 45, 0]);
  assert.equal(roundUp(31), 40);
  assert.equal(roundUp(0), 1);
});

test("labels that would touch go to another row or lose their text", () => {
  const placed = place([{ x: 10, text: "first" }, { x: 20, text: "second" }, { x: 30, text: "third" }], 400, 2);
  assert.deepEqual(placed.map((each) => [each.row, each.shown]), [[0, true], [1, true], [0, false]]);
  assert.equal(place([{ x: 390, text: "at the edge" }], 400, 2)[0]?.left, true);
});

test("the burn rate is the bad share over the allowed share, and unknown without events", () => {
  const at = new Date(NOW).toISOString();
  const [burning, silent] = burnRates([{ time: at, good: 969, eligible: 1000 }, { time: at, good: 0, eligible: 0 }], 0.999);
  near(burning?.value ?? NaN, 31);
  assert.equal(silent?.value, null);
});

test("the budget left is reckoned back from what is left now", () => {
  const slo = { target: 0.9, eligible: 1000, budget_remaining: 0.5 } as Slo;
  const point = (good: number) => ({ time: new Date(NOW).toISOString(), good, eligible: 100 });
  const left = budgetLeft([point(100), point(90), point(100)], slo, 20).map((level) => level.value ?? NaN);
  [0.8, 0.7, 0.7].forEach((expected, index) => near(left[index] ?? NaN, expected));
  assert.deepEqual(budgetLeft([point(1)], { ...slo, budget_remaining: null }, 0), []);
});

test("the hour of a closed incident lies around it, of a live one it ends now", () => {
  const open: Incident = story("talk", NOW).incidents[0];
  assert.deepEqual(hourOf(open, NOW), { since: NOW - 60 * MINUTE, until: NOW });
  const closed = { ...open, closed_at: new Date(NOW - 300 * MINUTE).toISOString() };
  assert.equal(hourOf(closed, NOW).until, NOW - 290 * MINUTE);
  const range = closeUp(open, NOW);
  assert.ok(range.since < Date.parse(open.burn_began_at) && range.until <= NOW);
});

test("columns are as fine as their number allows", () => {
  assert.equal(granularity({ since: 0, until: 10 * MINUTE }, 96), 10);
  assert.equal(granularity({ since: 0, until: 60 * MINUTE }, 120), 30);
});

test("events above the limit are counted only while it burned", () => {
  const column = (time: string | number, low: number) => ({ time, bins: [{ low, high: low * 2, count: 3 }] });
  const columns = [column(new Date(NOW).toISOString(), 2000), column(NOW / 1000, 1000), column(NOW / 1000 - 3600, 4000)];
  assert.equal(columnTime(column(NOW / 1000, 1)), NOW);
  assert.equal(countAbove(columns, 2000, { since: NOW - MINUTE, until: NOW + MINUTE }), 3);
});

test("a dragged box holds whole columns, and what lies beyond the rim", () => {
  const columns = [{ time: new Date(NOW - MINUTE).toISOString(), bins: [{ low: 1, high: 10_000, count: 5 }] }];
  const laid = layout(columns, { since: NOW - 10 * MINUTE, until: NOW }, 10, 600, 400);
  assert.ok(laid);
  const box = frame(laid, 300, 0, 400, laid.y(100));
  assert.equal((box.until - box.since) % 10_000, 0);
  assert.equal(box.since % 10_000, 0);
  assert.equal(box.min, 100);
  assert.ok(box.max > 10_000);
  assert.equal(frame(laid, 300, 399, 400, 200).min, 0);
  assert.equal(layout([], { since: 0, until: 1 }, 10, 600, 400), null);
});

test("each thing the selected share is listed once, in the order of the causes", () => {
  const found = rows(explanation(true));
  assert.deepEqual(found.map((row) => row.terms.map((term) => term.field).join("+") || row.measured?.field),
    ["customer_id+build_id", "customer_id", "partition", "flag.short-cache", "build_id", "result.groups"]);
  near(shareOfBurn(found[0]!, 1042) ?? NaN, 1006 / 1042);
  assert.equal(shareOfBurn(found[0]!, undefined), null);
});

test("a preview shows the lines that would change and nothing far from them", () => {
  const { notes, lines } = changed(dryRun());
  assert.match(notes[0] ?? "", /Touches 1 customer/);
  assert.ok(lines.some((line) => line.sign === "+" && line.text.includes('"retail"')));
  assert.ok(!lines.some((line) => line.text.includes("fallthrough")));
  assert.deepEqual(changed({}).notes, ["Nothing would change."]);
});

test("signs are the same everywhere", () => {
  const change = (kind: string, actor = "lee"): Change => ({ id: "1", time: "", name: "", kind, actor }) as Change;
  assert.equal(["build", "deploy", "flag", "marker"].map((kind) => sign(change(kind))).join(""), "▲▲◆■");
  assert.equal(sign(change("flag", "firebreak")), "●");
});
