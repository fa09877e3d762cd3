// Boards and the texts on them, a BubbleUp in the history and in a notebook, what a trace ran on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assembled, asked, pieces as ordered, type Board } from "../src/explore/boards.ts";
import { spoken } from "../src/explore/question.ts";
import { pinnedBox } from "../src/explore/notebook.ts";
import { lineage } from "../src/lineage.ts";
import { blocks, pieces } from "../src/prose.ts";
import type { Change, Trace } from "../src/types.ts";
import { tonesOf } from "../src/waterfall.ts";
import { STRINGS } from "./hostile.mjs";
import { boxed } from "./story.mjs";

test("headings, paragraphs and lists are told apart by lines", () => {
  const found = blocks("# First\nline one\nline two\n\n- a\n- b\n\nafter");
  assert.deepEqual(found.map((each) => each.kind), ["heading", "paragraph", "list", "paragraph"]);
  const [, , list] = found;
  assert.equal(list?.kind === "list" && list.items.length, 2);
});

test("links lead to the web or to this console, whatever else stays text", () => {
  assert.deepEqual(pieces("see [it](/changes), https://a.example/b?c=d. `x` **y**"), [
    { kind: "plain", text: "see " }, { kind: "link", text: "it", address: "/changes" }, { kind: "plain", text: ", " },
    { kind: "link", text: "https://a.example/b?c=d", address: "https://a.example/b?c=d" }, { kind: "plain", text: ". " },
    { kind: "code", text: "x" }, { kind: "plain", text: " " }, { kind: "strong", text: "y" },
  ]);
  for (const bad of ["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](//evil.invalid)", "[x](/\\evil.invalid)", "[x](JaVaScRiPt:a)"]) {
    assert.deepEqual(pieces(bad).filter((each) => each.kind === "link"), [], bad);
  }
});

test("no character of a hostile text is lost, and none of its links leads astray", () => {
  for (const text of STRINGS) {
    const found = pieces(text.replaceAll("\n", " "));
    for (const each of found) if (each.kind === "link") assert.match(each.address, /^(https?:\/\/|\/(?![/\\]))/);
    if (!/[`*[]/.test(text)) assert.equal(found.map((each) => each.text).join(""), text.replaceAll("\n", " "));
    blocks(text);
  }
});

test("texts keep their places between the queries of a board, whatever is moved or taken off", () => {
  const query = (id: string) => ({ caption: id, query_style: "graph" as const, dataset: "d", query_id: id });
  const board: Pick<Board, "queries" | "texts"> = { queries: [query("a"), query("b")], texts: [{ content: "last", before: 9 }, { content: "first", before: 0 }, { content: "middle", before: 1 }] };
  const order = ordered(board);
  const told = (list: typeof order) => list.map((each) => (each.kind === "text" ? each.content : each.query.caption)).join(" ");
  assert.equal(told(order), "first a middle b last");
  assert.equal(told(ordered(assembled(order) as Board)), told(order));
  const { queries, texts } = assembled(order.toSpliced(1, 1));
  assert.deepEqual([queries.length, texts.map((each) => each.before)], [1, [0, 0, 1]]);
  assert.deepEqual(ordered({ queries: [] }), []);
});

test("a BubbleUp of the history is the question that shows its box again", () => {
  const body = { dataset: "d", start_time: 1000, end_time: 4600, filters: [{ column: "a", op: "=", value: "x" }], filter_combination: "AND", selection: { box: { column: "duration_ms", min: 2000, max: 20_000, start_time: "1970-01-01T00:20:00Z", end_time: "1970-01-01T00:30:00Z" } } };
  const question = asked("d", { bubbleup: body });
  assert.deepEqual(question.box, { column: "duration_ms", min: 2000, max: 20_000, since: 1_200_000, until: 1_800_000 });
  assert.deepEqual(question.span, { since: 1_000_000, until: 4_600_000 });
  assert.equal(question.calculations[0]?.op, "HEATMAP");
  assert.equal(spoken(question), "BubbleUp of duration_ms 2\u00a0s to 20\u00a0s of d where a = x");
  const filtered = asked("d", { bubbleup: { ...body, selection: { filters: [{ column: "error", op: "=", value: true }] } } });
  assert.equal(filtered.box, null);
  assert.equal(spoken(filtered), "COUNT of d where (a = x) and (error = true)");
  assert.equal(asked("d", { bubbleup: "odd" }).box, null);
});

test("what a box found is pinned by its sentences and shares", () => {
  const seen = pinnedBox(boxed(true) as never, 0);
  assert.match(String(seen.rows[0]?.[0]), /customer_id = retail and build_id = 8812/);
  assert.ok(seen.rows.every(([, inside, rest]) => Number(inside) <= 100 && Number(rest) <= 100));
});

test("a request ran on the last deploy of its build and the last change of its flags before it", () => {
  const span = (fields: object) => ({ parent: "root", name: "query", fields });
  const trace = { start: "2026-03-01T12:00:00Z", spans: [span({ build_id: 8812, "flag.labels": true })] } as unknown as Trace;
  const change = (kind: string, time: string, more: object) => ({ kind, time: `2026-03-01T${time}Z`, name: "n", ...more }) as Change;
  const changes = [
    change("deploy", "11:00:00", { build_id: "8812" }), change("deploy", "10:00:00", { build_id: "8812" }), change("deploy", "11:30:00", { build_id: "8813" }),
    change("flag", "11:50:00", { flag: "labels" }), change("flag", "12:10:00", { flag: "labels" }), change("flag", "11:55:00", { flag: "other" }), change("flag", "11:58:00", { flag: "labels", first_sight: true }),
  ];
  assert.deepEqual(lineage(trace, changes).map((each) => each.time.slice(11, 16)), ["11:00", "11:50", "12:00"]);
  assert.equal(lineage(trace, []).length, 1);
});

test("the most frequent values have colours, the others none", () => {
  const spans = [..."aaaabbbccd", ..."efgh"].map((dataset) => ({ dataset, fields: {} }));
  const tones = tonesOf(spans as never, "dataset");
  assert.equal(tones.size, 6);
  assert.deepEqual([...tones.keys()].slice(0, 3), ["a", "b", "c"]);
});
