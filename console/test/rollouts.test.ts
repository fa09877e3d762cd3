// What rollouts, flags and notebooks say, and how the stream is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedSince, pinned } from "../src/explore/notebook.ts";
import { fresh } from "../src/explore/question.ts";
import { parts } from "../src/live.ts";
import { exposure, life, shareLines, stepOf } from "../src/rollouts.ts";
import type { Change, Flag, Landing, Rollout } from "../src/types.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString();
const change = (minute: number, more: Partial<Change> = {}): Change => ({ id: "c", kind: "deploy", time: at(minute), name: "c", ...more });
const landing = (more: Partial<Landing> = {}): Landing => ({
  environment: "production", confirmed: true, note: "", deploys: [change(10)], first_seen: at(11), everywhere_at: at(20),
  lead_time_seconds: null, events: 1, share: 1, rollback: false, rolled_back_at: null, ...more,
});
const rollout = (more: Partial<Rollout> = {}): Rollout => ({
  id: "r", service: "api", build_id: "2", commit: "", repository: "", time: at(10), merge: change(0), build: change(2, { finished_at: at(5) }), artifact: null,
  environments: [landing()], verdict: null, incidents: [], ...more,
});
const NOW = Date.parse(at(30));

test("a life goes from the merge to everywhere, phase by phase", () => {
  const { phases, end } = life(rollout(), landing(), NOW);
  assert.equal(end, "everywhere");
  assert.deepEqual(phases.map((phase) => [phase.name, (phase.until - phase.since) / 60_000]),
    [["to the build", 5], ["to the deploy", 5], ["to the first event", 1], ["to everywhere", 9]]);
});

test("what nobody told of makes the next phase the longer, and one under way goes on until now", () => {
  const told = life(rollout({ build: null }), landing({ everywhere_at: null }), NOW);
  assert.deepEqual(told.phases.map((phase) => [phase.name, (phase.until - phase.since) / 60_000]),
    [["to the build", 10], ["to the first event", 1], ["since then", 19]]);
  assert.equal(told.end, "under way");
});

test("clocks that differ make no phase shorter than nothing, and what was never seen has no end", () => {
  const early = life(rollout(), landing({ deploys: [change(4)] }), NOW);
  assert.ok(early.phases.every((phase) => phase.until >= phase.since), JSON.stringify(early.phases));
  assert.equal(life(rollout(), landing({ confirmed: false, first_seen: null, everywhere_at: null }), NOW).end, "unseen");
  assert.equal(life(rollout(), landing({ everywhere_at: null, rolled_back_at: at(15) }), NOW).end, "rolled back");
});

test("shares become lines in per cent, at the step that they have", () => {
  const lines = shareLines([rollout({ environments: [landing({ shares: [{ time: at(0), share: 0.25, events: 4 }, { time: at(2), share: 0.5, events: 4 }] })] })], "production");
  assert.deepEqual(lines[0]?.points.map((point) => point.value), [25, 50]);
  assert.equal(stepOf(lines), 120);
});

const flag: Flag = { key: "f", version: "1", on: true, variations: ["a", "b", "c"], off_variation: "c", temporary: true, archived: false, tags: [], refusals: [] };
const served = (rows: [string, number, number][]) => ({ series: [], results: rows.map(([value, many, units]) => ({ data: { "flag.f": value, COUNT: many, "COUNT_DISTINCT(u)": units } })) });

test("turning a flag off touches what is served anything else; units are not added up twice", () => {
  assert.deepEqual(exposure(flag, served([["a", 30, 3], ["c", 70, 9]]), "u").touched, { share: 0.3, units: 3 });
  assert.deepEqual(exposure(flag, served([["a", 30, 3], ["b", 30, 3], ["c", 40, 9]]), "u").touched, { share: 0.6, units: null });
  assert.equal(exposure({ ...flag, off_variation: null }, served([["a", 30, 3]]), "u").touched, null);
});

test("a replay says how many rows differ from what was pinned", () => {
  const question = { ...fresh("api"), breakdowns: ["u"] };
  const rows = (many: number) => Array.from({ length: many }, (_, index) => ({ data: { u: `u${index}`, COUNT: index } }));
  const then = pinned(question, rows(22), 100, NOW);
  assert.equal(then.rows.length, 20);
  assert.equal(then.more, 2);
  assert.equal(changedSince(then, pinned(question, rows(22), 100, NOW)), null);
  assert.equal(changedSince(then, { ...then, rows: [["u0", 5], ...then.rows.slice(1)] }), "1 of 20 rows differ from what was pinned");
  assert.match(changedSince(then, pinned(question, rows(23), 100, NOW)) ?? "", /there is 1 more beyond them/);
});

test("events of the stream are read whole, however they are cut", () => {
  const text = ": open\n\nevent: guard\ndata: {\"a\":\ndata: 1}\n\nevent: slos\r\ndata: []\r\n\r\nevent: half\nda";
  const { events, rest } = parts(text);
  assert.deepEqual(events, [{ name: "guard", data: "{\"a\":\n1}" }, { name: "slos", data: "[]" }]);
  assert.equal(rest, "event: half\nda");
  assert.deepEqual(parts(`${rest}ta: 2\n\n`).events, [{ name: "half", data: "2" }]);
});
