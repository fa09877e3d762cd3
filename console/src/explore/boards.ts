// Boards as the server keeps them, and the questions that their queries are.

import type { Filter, Scalar } from "../types.ts";
import {
  called, filters, fresh, isGroup, query, range, type Calculation, type Combination, type Entry, type Group, type Question,
} from "./question.ts";

export interface BoardQuery { caption: string; query_style: "graph" | "table" | "combo"; dataset: string; query_id: string; query?: undefined }
export interface NewBoardQuery { caption: string; query_style: "graph" | "table" | "combo"; dataset: string; query_id?: undefined; query: Record<string, unknown> }
/** A text stands before the query of that index, or behind the last. */
export interface BoardText { content: string; before: number }
export interface Board { id: string; name: string; description: string; column_layout?: "multi" | "single"; queries: BoardQuery[]; slos: string[]; texts?: BoardText[] }

/** What stands on a board, in its order. */
export type Piece = { kind: "text"; content: string } | { kind: "query"; query: BoardQuery | NewBoardQuery };

export function pieces({ queries, texts = [] }: Pick<Board, "queries" | "texts">): Piece[] {
  const before = (at: number): Piece[] => texts.filter((each) => Math.min(each.before, queries.length) === at).map(({ content }) => ({ kind: "text", content }));
  return [...queries.flatMap((query, at): Piece[] => [...before(at), { kind: "query", query }]), ...before(queries.length)];
}

/** The same as the server keeps it. */
export function assembled(order: Piece[]): { queries: (BoardQuery | NewBoardQuery)[]; texts: BoardText[] } {
  const queries: (BoardQuery | NewBoardQuery)[] = [];
  const texts: BoardText[] = [];
  for (const piece of order) {
    if (piece.kind === "query") queries.push(piece.query);
    else texts.push({ content: piece.content, before: queries.length });
  }
  return { queries, texts };
}

/** The query as it is kept: so many seconds until whenever it is looked at, where the question says so. */
export function kept(question: Question, now: number): Record<string, unknown> {
  const { start_time, end_time, ...rest } = query(question, range(question, now));
  return "last" in question.span ? { ...rest, time_range: question.span.last } : { ...rest, start_time, end_time };
}

type Loose = Record<string, unknown>;
const list = (told: unknown): Loose[] => (Array.isArray(told) ? told.filter((each): each is Loose => typeof each === "object" && each !== null) : []);
const text = (told: unknown): string => (typeof told === "string" ? told : "");
const number = (told: unknown, otherwise: number): number => (typeof told === "number" ? told : otherwise);

const object = (told: unknown): Loose => list([told])[0] ?? {};
const bound = (told: unknown): number | null => (typeof told === "number" ? told : null);
/** Milliseconds of seconds or of an instant as text. */
const instant = (told: unknown): number | null =>
  typeof told === "number" ? told * 1000 : typeof told === "string" && !Number.isNaN(Date.parse(told)) ? Date.parse(told) : null;

/** The question that shows a BubbleUp again: the box on its heatmap, or the events that were selected by conditions. */
function bubbled(dataset: string, body: Loose): Question {
  const selection = object(body["selection"]);
  const box = object(selection["box"]);
  const column = text(box["column"]);
  const since = instant(body["start_time"]);
  const until = instant(body["end_time"]);
  const selected = group(selection);
  const where = group(body);
  return {
    ...fresh(dataset),
    calculations: [...(column ? [{ op: "HEATMAP", column }] : []), { op: "COUNT", column: "" }],
    where: selected.entries.length === 0 ? where : { combination: "AND", entries: [where, selected].filter((each) => each.entries.length > 0) },
    span: since !== null && until !== null && since < until ? { since, until } : fresh().span,
    box: since === null || until === null || !("box" in selection) ? null
      : { column, min: bound(box["min"]), max: bound(box["max"]), since: instant(box["start_time"]) ?? since, until: instant(box["end_time"]) ?? until },
  };
}

/** The question that a kept query is. */
export function asked(dataset: string, spec: Loose): Question {
  if ("bubbleup" in spec) return bubbled(dataset, object(spec["bubbleup"]));
  const calculations = list(spec["calculations"]).map(({ op, column, name }): Calculation =>
    ({ op: text(op), column: text(column), ...(text(name) ? { name: text(name) } : {}) }));
  const names = (each: Loose, op: unknown): string =>
    text(each["name"]) || (op ? called({ op: text(op), column: text(each["column"]) }) : text(each["column"]));
  const since = spec["start_time"];
  const until = spec["end_time"];
  return {
    ...fresh(dataset),
    calculations: calculations.length > 0 ? calculations : fresh().calculations,
    where: group(spec),
    breakdowns: Array.isArray(spec["breakdowns"]) ? spec["breakdowns"].map(String) : [],
    orders: list(spec["orders"]).map((each) => ({
      name: names(each, each["op"]), order: each["order"] === "ascending" ? "ascending" : "descending", ...(each["difference"] ? { difference: true } : {}),
    })),
    havings: list(spec["havings"]).map((each) => ({
      name: names(each, each["calculate_op"]), op: text(each["op"]), value: number(each["value"], 0), ...(each["difference"] ? { difference: true } : {}),
    })),
    limit: number(spec["limit"], fresh().limit),
    span: typeof since === "number" && typeof until === "number" ? { since: since * 1000, until: until * 1000 } : { last: number(spec["time_range"], 7200) },
    granularity: number(spec["granularity"], 0),
    compare: number(spec["compare_time_offset_seconds"], 0),
    fields: expressions(spec["calculated_fields"]),
    formulas: expressions(spec["formulas"]),
  };
}

const expressions = (told: unknown): { name: string; expression: string }[] =>
  list(told).map(({ name, expression }) => ({ name: text(name), expression: text(expression) }));

function group(holder: Loose): Group {
  const combination: Combination = holder["filter_combination"] === "OR" ? "OR" : "AND";
  return {
    combination,
    entries: list(holder["filters"]).map((each): Entry => ("filters" in each
      ? group(each)
      : { column: text(each["column"]), op: text(each["op"]), ...("value" in each ? { value: each["value"] as Scalar } : {}) } satisfies Filter)),
  };
}

/** The question over the board's time and under its conditions. */
export function shared(question: Question, board: Pick<Question, "span" | "where"> | null): Question {
  if (!board) return question;
  const more = filters(board.where).filters.length > 0;
  const where: Group = !more ? question.where
    : question.where.entries.length === 0 ? board.where
      : { combination: "AND", entries: [...flat(question.where), ...flat(board.where)] };
  return { ...question, span: board.span, where, granularity: 0 };
}

const flat = (where: Group): Entry[] =>
  (where.combination === "AND" || where.entries.length < 2 ? where.entries : [where]).filter((entry) => isGroup(entry) || entry.column !== "");
