import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format.ts";

/** Narrow and hard spaces as plain ones. */
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, " ");

function says(read: (value: number) => string, table: [number, string][]): void {
  for (const [value, text] of table) assert.equal(plain(read(value)), text, String(value));
}

test("counts come in groups of three", () => {
  says(format.count, [[0, "0"], [999, "999"], [1042, "1 042"], [8_120_400, "8 120 400"], [-1200, "−1 200"], [-0.2, "0"]]);
});

test("a share is never rounded to nothing or to all", () => {
  says(format.percent, [
    [0, "0 %"], [0.0004, "< 0.1 %"], [0.003, "0.3 %"], [0.041, "4.1 %"], [0.0999, "10 %"], [0.87, "87 %"],
    [0.996, "99.6 %"], [1, "100 %"], [-0.12, "−12 %"], [12, "1 200 %"],
  ]);
});

test("belief stays short of certainty", () => {
  says(format.belief, [[0, "< 1 %"], [0.012, "1 %"], [0.98, "98 %"], [0.999, "> 99 %"], [1, "> 99 %"]]);
});

test("a burn rate has one digit below ten", () => {
  says(format.rate, [[0, "0×"], [0.04, "< 0.1×"], [0.4, "0.4×"], [1, "1×"], [9.96, "10×"], [31.2, "31×"], [1042, "1 042×"]]);
});

test("a target keeps its nines", () => {
  says(format.target, [[0.95, "95 %"], [0.999, "99.9 %"], [0.99995, "99.995 %"]]);
});

test("a duration is told in its two largest units", () => {
  says(format.duration, [
    [0, "0 s"], [48, "48 s"], [160, "2 min 40 s"], [3600, "1 h"], [3725, "1 h 2 min"], [2_592_000, "30 d"],
    [59.7, "1 min"], [-90, "−1 min 30 s"],
  ]);
});

test("a value is told with the unit of its field", () => {
  assert.equal(plain(format.measure("duration_ms", 2000)), "2 s");
  assert.equal(plain(format.measure("duration_ms", 153.2)), "153 ms");
  assert.equal(plain(format.measure("duration_ms", 90_000)), "1.5 min");
  assert.equal(plain(format.measure("result.groups", 14_703)), "14 703");
  assert.equal(plain(format.measure("result.groups", 8.2)), "8.2");
});

test("times are in UTC, with the day unless it is today", () => {
  const now = Date.parse("2026-11-23T14:10:00Z");
  assert.equal(format.moment("2026-11-23T15:02:10+01:00", now), "14:02:10");
  assert.equal(format.moment("2026-11-22T23:59:00Z", now), "22 Nov 23:59");
  assert.match(format.clock("nonsense"), /\?/);
});

test("what is not known is a dash", () => {
  for (const read of [format.count, format.percent, format.rate, format.duration, format.belief, format.significance]) {
    for (const nothing of [null, undefined, NaN]) assert.equal(read(nothing), "–");
  }
});

test("a list names at most as many as it should", () => {
  assert.equal(format.list([]), "");
  assert.equal(format.list(["a"]), "a");
  assert.equal(format.list(["a", "b", "c"]), "a, b and c");
  assert.equal(format.list(["a", "b", "c", "d"], 2), "a, b and 2 more");
});
