import assert from "node:assert/strict";
import { test } from "node:test";
import { broken, find, sheet } from "../src/audit.ts";
import { asked, kept, shared } from "../src/explore/boards.ts";
import { failing } from "../src/explore/around.ts";
import {
  address, fresh, instant, picked, query, read, seconds, typed, typing, written, type Question,
} from "../src/explore/question.ts";
import { columns, csv, lines, shape, type Result } from "../src/explore/result.ts";
import { fewer, ladder } from "../src/ladder.ts";
import { markdown } from "../src/markdown.ts";
import type { AuditRecord, Incident, Slo, Span } from "../src/types.ts";
import { bar, hidden, matches, ticks, visible } from "../src/waterfall.ts";
import { STRINGS } from "./hostile.mjs";
import { story } from "./story.mjs";

const NOW = Date.parse("2026-11-23T14:05:00Z");
const told = story("talk", NOW);
const incident = told.incidents[0] as unknown as Incident;
const slo = told.slos[0] as unknown as Slo;

const whole: Question = {
  dataset: "query-api", calculations: [{ op: "P95", column: "duration_ms" }, { op: "COUNT", column: "", name: "all" }],
  where: { combination: "OR", entries: [{ column: "a", op: "in", value: ["x", 1] }, { combination: "AND", entries: [{ column: "b", op: "exists" }] }] },
  breakdowns: ["build_id"], orders: [{ name: "all", order: "ascending", difference: true }], havings: [{ name: "all", op: ">", value: 2 }],
  limit: 7, span: { since: 1_000_000, until: 2_000_000 }, granularity: 10, compare: 3600, fields: [{ name: "slow", expression: "GT($d, 1)" }],
  formulas: [{ name: "rate", expression: "$all / 60" }], view: "table", box: { column: "d", min: 1, max: null, since: 1, until: 2 },
};

test("an address holds the whole question", () => {
  const parameters = new URL(address(whole), "http://x").searchParams;
  assert.deepEqual(read(parameters.get("q")), whole);
  assert.equal(written(fresh()), "{}");
});

test("an address that makes no sense is a fresh question, and hostile strings survive the way", () => {
  for (const text of [null, "", "{", "[]", "3", '"x"', "null", '{"where": {"entries": 3}, "span": {"last": -1}, "limit": "x", "calculations": [3]}']) {
    assert.deepEqual({ ...read(text), calculations: [] }, { ...fresh(), calculations: [] }, String(text));
  }
  for (const text of STRINGS) {
    const question = { ...fresh("d"), breakdowns: [text], where: { combination: "AND" as const, entries: [{ column: text, op: "=", value: text }] } };
    const parameters = new URL(address(question), "http://x").searchParams;
    // A lone half of a surrogate pair cannot be written in an address.
    if (text.isWellFormed()) assert.deepEqual(read(parameters.get("q")), question);
  }
});

test("a query says what the server knows, and leaves out what is not yet whole", () => {
  const made = query(whole, { since: 1_000_000, until: 2_000_500 });
  assert.deepEqual(made["calculations"], [{ op: "P95", column: "duration_ms" }, { op: "COUNT", name: "all" }]);
  assert.deepEqual(made["filters"], [{ column: "a", op: "in", value: ["x", 1] }, { filters: [{ column: "b", op: "exists" }], filter_combination: "AND" }]);
  assert.deepEqual(made["orders"], [{ name: "all", order: "ascending", difference: true }]);
  assert.deepEqual([made["start_time"], made["end_time"], made["limit"], made["compare_time_offset_seconds"]], [1000, 2001, 7, 3600]);
  const half = query({ ...fresh("d"), calculations: [{ op: "P95", column: "" }], where: { combination: "AND", entries: [{ column: "a", op: "=" }, { combination: "OR", entries: [] }] } }, { since: 0, until: 1000 });
  assert.deepEqual([half["calculations"], half["filters"]], [[], []]);
});

test("a kept query is the same question again, over the same length of time", () => {
  const relative: Question = { ...whole, span: { last: 600 }, view: "charts", box: null };
  assert.deepEqual(asked("query-api", kept(relative, NOW)), relative);
  const { span } = asked("query-api", kept({ ...whole, span: { since: 1_000_000, until: 2_000_000 } }, NOW));
  assert.deepEqual(span, { since: 1_000_000, until: 2_000_000 });
  const others = asked("d", { calculations: [{ op: "MAX", column: "c" }], orders: [{ op: "MAX", column: "c", order: "descending" }, { column: "g", order: "ascending" }], havings: [{ calculate_op: "MAX", column: "c", op: ">", value: 1 }] });
  assert.deepEqual([others.orders.map((each) => each.name), others.havings[0]?.name, others.span], [["MAX(c)", "g"], "MAX(c)", { last: 7200 }]);
});

test("a board's conditions hold besides those of each panel", () => {
  const board = { span: { last: 60 }, where: { combination: "AND" as const, entries: [{ column: "x", op: "=", value: 1 }] } };
  assert.deepEqual(shared(whole, board).where, { combination: "AND", entries: [whole.where, ...board.where.entries] });
  assert.deepEqual(shared(fresh("d"), board).where, board.where);
  assert.equal(shared(whole, null), whole);
});

test("a picked value becomes a condition that holds besides all others", () => {
  const either = picked(whole, "c", null, "without");
  assert.deepEqual(either.where, { combination: "AND", entries: [whole.where, { column: "c", op: "exists" }] });
  assert.equal(either.box, null);
  const twice = picked(picked(fresh("d"), "c", "x", "only"), "c", "x", "only");
  assert.deepEqual(twice.where.entries, [{ column: "c", op: "=", value: "x" }]);
  assert.deepEqual(picked(whole, "build_id", "x", "group").breakdowns, ["build_id"]);
});

test("what is typed has the type of its field", () => {
  assert.equal(typed("8812", "string"), "8812");
  assert.equal(typed("8812", "integer"), 8812);
  assert.equal(typed("1e3", undefined), 1000);
  assert.equal(typed("true", "boolean"), true);
  assert.equal(typed('"8812"', undefined), "8812");
  for (const [value, type] of [["8812", undefined], ["true", undefined], ["8812", "string"], [3.5, "float"], ["a b", "string"]] as const) {
    assert.equal(typed(typing(value, type), type), value);
  }
});

test("lengths and moments of time are read as people write them", () => {
  assert.deepEqual(["90m", "1d 12h", "2 hours", "45 sec", "x", "5", "3 parsecs", ""].map(seconds), [5400, 129_600, 7200, 45, null, null, null, null]);
  assert.equal(instant("2026-11-23 14:05"), NOW);
  assert.equal(instant("2026-11-23T14:05:00Z"), NOW);
  assert.equal(instant("yesterday"), null);
});

const result: Result = {
  results: [{ data: { b: "x", COUNT: 3 } }, { data: { b: null, COUNT: 1 } }],
  series: [
    { time: "2026-11-23T14:00:10Z", data: { b: "x", COUNT: 2, H: { bins: [{ low: 1, high: 2, count: 2 }] } } },
    { time: "2026-11-23T14:00:10Z", data: { b: null, COUNT: 1 } },
  ],
  total_by_aggregate_series: [{ time: "2026-11-23T14:00:10Z", data: { H: { bins: [{ low: 1, high: 2, count: 3 }] } } }],
};

test("a result becomes one line a group, and heatmaps of one group or of all", () => {
  assert.deepEqual(lines(result, ["b"], "COUNT").map((line) => [line.name, line.points.map((point) => point.value)]), [["x", [2]], ["(none)", [1]]]);
  assert.equal(columns(result, ["b"], "H", null)[0]?.bins[0]?.count, 3);
  assert.equal(columns(result, ["b"], "H", '["x"]')[0]?.bins[0]?.count, 2);
  const since = Date.parse("2026-11-23T14:00:00Z");
  const points = [{ time: since + 10_000, value: 2 }];
  assert.deepEqual(shape(points, { since, until: since + 30_000 }, 10_000, true).map((each) => each.value), [0, 2, 0]);
  assert.deepEqual(shape(points, { since, until: since + 30_000 }, 10_000, false).map((each) => each.value), [null, 2, null]);
});

test("comma-separated values hold what they are given, and no spreadsheet computes it", () => {
  assert.equal(csv(["a"], [['x"y,z'], ["=1+1"], [-3], [null]]), 'a\r\n"x""y,z"\r\n\'=1+1\r\n-3\r\n');
});

const spans = [[0, "root"], [1, "a"], [2, "b"], [1, "c"], [0, "d"]].map(([depth, name], index): Span => ({
  span_id: `s${index}`, parent_id: null, parent: "known", depth: Number(depth), dataset: "d", name: String(name), start: "", offset_ms: index * 10, duration_ms: 50,
  error: false, sample_rate: 1, fields: { customer_id: name === "b" ? "retail" : "acme" }, events: [], links: [],
}));

test("folding a span hides what is below it", () => {
  assert.deepEqual(visible(spans, new Set()), [0, 1, 2, 3, 4]);
  assert.deepEqual(visible(spans, new Set([1])), [0, 1, 3, 4]);
  assert.deepEqual(visible(spans, new Set([0])), [0, 4]);
  assert.deepEqual([hidden(spans, 1, 2), hidden(spans, 1, 3), hidden(spans, 0, 3), hidden(spans, 0, 4)], [true, false, true, false]);
});

test("a bar stays within the waterfall, and a span is found by name, field and value", () => {
  assert.deepEqual(bar(spans[2] as Span, 40), { left: 50, width: 50 });
  assert.deepEqual(spans.map((span) => matches(span, "RETAIL")), [false, false, true, false, false]);
  assert.ok(matches(spans[0] as Span, "customer_id=acme"));
  assert.deepEqual(ticks(100).map(Math.round), [0, 50]);
});

test("a chain of records with one missing, or one that follows another, is broken there", () => {
  const record = (seq: number, hash: string, previous_hash: string): AuditRecord =>
    ({ seq, hash, previous_hash, time: "", actor: "a", kind: seq === 2 ? "b" : "c", incident: null, mitigation: null, body: { summary: "Sum" } });
  assert.equal(broken([record(1, "x", "0"), record(2, "y", "x")]), null);
  assert.equal(broken([record(1, "x", "0"), record(3, "z", "y")])?.seq, 3);
  assert.equal(broken([record(1, "x", "0"), record(2, "y", "q")])?.seq, 2);
  assert.equal(find([record(1, "x", "0"), record(2, "y", "x")], { kind: "b", actor: "", incident: "", text: "sum" }).length, 1);
  assert.equal(sheet([record(1, "x", "0")]).split("\r\n").length, 2);
});

test("the ladder's steps are actions where the guard can take them", () => {
  const rungs = ladder(incident);
  assert.deepEqual(rungs.map((rung) => [rung.step.step, rung.action?.audience.kind ?? null, rung.now]),
    [["nothing", null, false], ["customer", "context", true], ["rule", null, false], ["flag", "everyone", false], ["build", null, false]]);
  const audience = { kind: "context" as const, context_kind: "customer", keys: ["a", "b"] };
  const many = { ...incident, mitigation: incident.mitigation && { ...incident.mitigation, action: { ...incident.mitigation.action, audience } } };
  assert.deepEqual(fewer(many).map((action) => action.audience), [{ ...audience, keys: ["a"] }, { ...audience, keys: ["b"] }]);
});

test("the events that fail are those beyond the threshold, of whom the verdict names", () => {
  const { where, view } = failing(incident, slo, NOW);
  assert.equal(view, "events");
  assert.deepEqual(where.entries, [{ column: "name", op: "=", value: "query" }, { column: "duration_ms", op: ">=", value: 2000 }, { column: "customer_id", op: "=", value: "retail" }]);
});

test("hostile strings in an incident stay text in its Markdown", () => {
  for (const text of STRINGS) {
    const [suspect] = incident.suspects;
    const [cause] = incident.causes;
    if (!suspect || !cause) throw new Error("the story has neither suspect nor cause");
    const made = markdown({ ...incident, slo_name: text, suspects: [{ ...suspect, name: text }], causes: [{ ...cause, terms: [{ field: "f", value: text }] }] }, slo, [], "http://x");
    for (const line of made.split("\n").filter((each) => !each.startsWith("- <http://x/"))) {
      const outside = line.replace(/(`+) ?.*?[^`]\1(?!`)/g, "");
      assert.ok(!/(^|[^\\])[<[]/.test(outside), line);
    }
  }
});
