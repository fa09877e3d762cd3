// A question as a person builds it: read from an address, written into one, and made into the
// query that the server knows.

import { measure } from "../format.ts";
import type { Filter, Scalar } from "../types.ts";

export type Combination = "AND" | "OR";
export interface Group { combination: Combination; entries: Entry[] }
export type Entry = Filter | Group;
export interface Calculation { op: string; column: string; name?: string }
/** An order or a condition on groups is on a calculation's name, or on a breakdown. */
export interface Order { name: string; order: "ascending" | "descending"; difference?: boolean }
export interface Having { name: string; op: string; value: number; difference?: boolean }
export interface Expression { name: string; expression: string }
/** So many seconds until now, or from one moment to another in milliseconds. */
export type Span = { last: number } | { since: number; until: number };
export interface Boxed { column: string; min: number | null; max: number | null; since: number; until: number }
export type View = "charts" | "table" | "events";

export interface Question {
  dataset: string;
  calculations: Calculation[];
  where: Group;
  breakdowns: string[];
  orders: Order[];
  havings: Having[];
  limit: number;
  span: Span;
  granularity: number;
  compare: number;
  fields: Expression[];
  formulas: Expression[];
  view: View;
  box: Boxed | null;
}

export const OPERATIONS = [
  "COUNT", "HEATMAP", "P50", "P75", "P90", "P95", "P99", "P999", "AVG", "SUM", "MIN", "MAX", "COUNT_DISTINCT", "CONCURRENCY",
  "RATE_AVG", "RATE_SUM", "RATE_MAX", "P001", "P01", "P05", "P10", "P20", "P25", "P80",
];
const WITHOUT_COLUMN = new Set(["COUNT", "CONCURRENCY"]);
export const RELATIONS = [
  "=", "!=", ">", ">=", "<", "<=", "contains", "does-not-contain", "starts-with", "does-not-start-with",
  "ends-with", "does-not-end-with", "exists", "does-not-exist", "in", "not-in",
];
const WITHOUT_VALUE = new Set(["exists", "does-not-exist"]);
const WITH_MANY = new Set(["in", "not-in"]);
export const HAVING_RELATIONS = [">", ">=", "<", "<=", "=", "!="];
export const DEFAULT_LIMIT = 100;
const HOUR_S = 3600;
const DEPTH_MOST = 8;

export const needsColumn = (op: string): boolean => !WITHOUT_COLUMN.has(op);
export const needsValue = (op: string): boolean => !WITHOUT_VALUE.has(op);
export const takesMany = (op: string): boolean => WITH_MANY.has(op);
export const isGroup = (entry: Entry): entry is Group => "entries" in entry;

export function fresh(dataset = ""): Question {
  return {
    dataset, calculations: [{ op: "COUNT", column: "" }], where: { combination: "AND", entries: [] },
    breakdowns: [], orders: [], havings: [], limit: DEFAULT_LIMIT, span: { last: HOUR_S }, granularity: 0,
    compare: 0, fields: [], formulas: [], view: "charts", box: null,
  };
}

/** What a calculation is called in the result. */
export const called = ({ op, column, name }: Calculation): string =>
  name || (needsColumn(op) ? `${op}(${column})` : op);

/** All names that an order or a condition on groups can be on. */
export const results = (question: Question): string[] => [
  ...question.calculations.filter((each) => each.op !== "HEATMAP" && isComplete(each)).map(called),
  ...question.formulas.map((each) => each.name).filter(Boolean),
];

export const isComplete = (calculation: Calculation): boolean =>
  !needsColumn(calculation.op) || calculation.column !== "";

/** Whether the server can make sense of the condition yet. */
export function isWhole(filter: Filter): boolean {
  if (!filter.column || !filter.op) return false;
  if (!needsValue(filter.op)) return true;
  return filter.value !== undefined && (!Array.isArray(filter.value) || filter.value.length > 0);
}

/** The part of the address that holds the question; what is as in a fresh one is left out. */
export function written(question: Question): string {
  const plain = fresh();
  const told: Record<string, unknown> = {};
  for (const key of Object.keys(plain) as (keyof Question)[]) {
    if (JSON.stringify(question[key]) !== JSON.stringify(plain[key])) told[key] = question[key];
  }
  return JSON.stringify(told);
}

export const address = (question: Question): string =>
  `/explore?q=${encodeURIComponent(written(question)).replaceAll("%20", "+").replaceAll("%3A", ":").replaceAll("%2C", ",")}`;

/** The question of an address; whatever makes no sense in it is as in a fresh one. */
export function read(text: string | null): Question {
  const question = fresh();
  let told: unknown;
  try {
    told = JSON.parse(text ?? "{}");
  } catch {
    return question;
  }
  if (!told || typeof told !== "object" || Array.isArray(told)) return question;
  const has = told as Record<string, unknown>;
  const words = (key: string): unknown[] => (Array.isArray(has[key]) ? (has[key] as unknown[]) : []);
  const number = (key: "limit" | "granularity" | "compare"): number =>
    typeof has[key] === "number" && Number.isFinite(has[key]) ? (has[key] as number) : question[key];
  const named = (key: string): Expression[] =>
    words(key).filter(isExpression).map(({ name, expression }) => ({ name, expression }));
  return {
    dataset: typeof has["dataset"] === "string" ? has["dataset"] : "",
    calculations: has["calculations"] === undefined
      ? question.calculations
      : words("calculations").filter(isCalculation).map(({ op, column, name }) => ({ op, column: column ?? "", ...(name ? { name } : {}) })),
    where: group(has["where"], 0) ?? question.where,
    breakdowns: words("breakdowns").filter((each): each is string => typeof each === "string"),
    orders: words("orders").filter(isOrder),
    havings: words("havings").filter(isHaving),
    limit: number("limit"),
    span: span(has["span"]) ?? question.span,
    granularity: number("granularity"),
    compare: number("compare"),
    fields: named("fields"),
    formulas: named("formulas"),
    view: ["charts", "table", "events"].includes(String(has["view"])) ? (has["view"] as View) : "charts",
    box: box(has["box"]),
  };
}

type Loose = Record<string, unknown>;
const isObject = (each: unknown): each is Loose => typeof each === "object" && each !== null && !Array.isArray(each);
const isExpression = (each: unknown): each is Expression =>
  isObject(each) && typeof each["name"] === "string" && typeof each["expression"] === "string";
const isCalculation = (each: unknown): each is Calculation => isObject(each) && typeof each["op"] === "string";
const isOrder = (each: unknown): each is Order =>
  isObject(each) && typeof each["name"] === "string" && (each["order"] === "ascending" || each["order"] === "descending");
const isHaving = (each: unknown): each is Having =>
  isObject(each) && typeof each["name"] === "string" && typeof each["op"] === "string" && typeof each["value"] === "number";

function group(told: unknown, depth: number): Group | null {
  if (!isObject(told) || !Array.isArray(told["entries"]) || depth > DEPTH_MOST) return null;
  const entries = told["entries"].map((each): Entry | null => {
    if (!isObject(each)) return null;
    if ("entries" in each) return group(each, depth + 1);
    return typeof each["column"] === "string" && typeof each["op"] === "string"
      ? { column: each["column"], op: each["op"], ...("value" in each ? { value: each["value"] as Scalar } : {}) }
      : null;
  });
  return {
    combination: told["combination"] === "OR" ? "OR" : "AND",
    entries: entries.filter((each): each is Entry => each !== null),
  };
}

function span(told: unknown): Span | null {
  if (!isObject(told)) return null;
  const { last, since, until } = told;
  if (typeof last === "number" && last > 0) return { last };
  return typeof since === "number" && typeof until === "number" && since < until ? { since, until } : null;
}

function box(told: unknown): Boxed | null {
  if (!isObject(told) || typeof told["column"] !== "string") return null;
  const { column, min, max, since, until } = told;
  const bound = (each: unknown): number | null => (typeof each === "number" ? each : null);
  return typeof since === "number" && typeof until === "number"
    ? { column, min: bound(min), max: bound(max), since, until }
    : null;
}

/** From when to when, in milliseconds. */
export function range(question: Question, now: number): { since: number; until: number } {
  const { span: asked } = question;
  return "last" in asked ? { since: now - asked.last * 1000, until: now } : asked;
}

/** The filters as the server knows them, without those that are not yet whole. */
export function filters(where: Group): { filters: unknown[]; filter_combination: Combination } {
  const entries = where.entries.flatMap((entry): unknown[] => {
    if (isGroup(entry)) {
      const inner = filters(entry);
      return inner.filters.length > 0 ? [inner] : [];
    }
    if (!isWhole(entry)) return [];
    const { column, op, value } = entry;
    return [needsValue(op) ? { column, op, value } : { column, op }];
  });
  return { filters: entries, filter_combination: where.combination };
}

/** The query that the server runs, over a range in milliseconds. */
export function query(question: Question, over: { since: number; until: number }): Record<string, unknown> {
  const names = new Set(results(question));
  const calculations = question.calculations.filter(isComplete);
  const told: Record<string, unknown> = {
    calculations: calculations.map(({ op, column, name }) =>
      ({ op, ...(needsColumn(op) ? { column } : {}), ...(name ? { name } : {}) })),
    ...filters(question.where),
    start_time: Math.floor(over.since / 1000),
    end_time: Math.max(Math.floor(over.since / 1000) + 1, Math.ceil(over.until / 1000)),
    limit: question.limit,
  };
  const breakdowns = question.breakdowns.filter(Boolean);
  if (breakdowns.length > 0) {
    told["breakdowns"] = breakdowns;
    const orders = question.orders.filter((each) => names.has(each.name) || breakdowns.includes(each.name));
    told["orders"] = orders.map(({ name, order, difference }) => ({
      ...(names.has(name) ? { name } : { column: name }), order,
      ...(difference && question.compare > 0 && names.has(name) ? { difference } : {}),
    }));
    told["havings"] = question.havings.filter((each) => names.has(each.name)).map(({ name, op, value, difference }) =>
      ({ name, op, value, ...(difference && question.compare > 0 ? { difference } : {}) }));
  }
  if (question.granularity > 0) told["granularity"] = question.granularity;
  if (question.compare > 0) told["compare_time_offset_seconds"] = question.compare;
  const whole = (each: Expression): boolean => each.name !== "" && each.expression !== "";
  if (question.fields.some(whole)) told["calculated_fields"] = question.fields.filter(whole);
  if (question.formulas.some(whole)) told["formulas"] = question.formulas.filter(whole);
  return told;
}

/** What a click on a value does. */
export type Pick = "only" | "without" | "group";

/** The question with the value as a filter, or grouped by its field. */
export function picked(question: Question, field: string, value: Scalar, how: Pick): Question {
  if (how === "group") {
    return question.breakdowns.includes(field) ? question : { ...question, breakdowns: [...question.breakdowns, field] };
  }
  const filter: Filter = value === null
    ? { column: field, op: how === "only" ? "does-not-exist" : "exists" }
    : { column: field, op: how === "only" ? "=" : "!=", value };
  const { where } = question;
  const same = (entry: Entry): boolean => !isGroup(entry) && entry.column === field && entry.op === filter.op
    && JSON.stringify(entry.value) === JSON.stringify(filter.value);
  // Beside an OR the new condition must still hold: what was becomes a group of its own.
  const joined: Group = where.combination === "AND" || where.entries.length < 2
    ? { combination: "AND", entries: [...where.entries.filter((each) => !same(each)), filter] }
    : { combination: "AND", entries: [where, filter] };
  return { ...question, where: joined, box: null };
}

/** A value as it is typed: of the column's type where that is known. */
export function typed(text: string, type: string | undefined): Scalar {
  const quoted = /^"(.*)"$/s.exec(text);
  if (quoted) return quoted[1] ?? "";
  if (type === "string") return text;
  if (/^(true|false)$/.test(text)) return text === "true";
  if (type !== "boolean" && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text.trim())) return Number(text);
  return text;
}

/** The value as a person would type it again. */
export function typing(value: Scalar | Scalar[] | undefined, type: string | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((each) => typing(each, type)).join(", ");
  const text = String(value);
  return typeof value === "string" && typed(text, type) !== value ? `"${text}"` : text;
}

const LENGTHS: [RegExp, number][] = [
  [/^s(ec(onds?)?)?$/, 1], [/^m(in(utes?)?)?$/, 60], [/^h(ours?)?$/, 3600], [/^d(ays?)?$/, 86_400], [/^w(eeks?)?$/, 604_800],
];

/** Seconds of a length of time as typed: 90m, 1d 12h; null where it is none. */
export function seconds(text: string): number | null {
  const parts = [...text.trim().toLowerCase().matchAll(/([\d.]+)\s*([a-z]+)/g)];
  if (parts.length === 0 || text.replace(/[\d.]+\s*[a-z]+/gi, "").trim()) return null;
  let sum = 0;
  for (const [, many, unit] of parts) {
    const length = LENGTHS.find(([name]) => name.test(unit ?? ""))?.[1];
    if (!length || !Number.isFinite(Number(many))) return null;
    sum += Number(many) * length;
  }
  return sum >= 1 ? Math.round(sum) : null;
}

/** A moment in UTC as typed: 2026-11-26 14:02:10; null where it is none. */
export function instant(text: string): number | null {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?Z?$/.exec(text.trim());
  if (!found) return null;
  const clock = found[2] ?? "00:00";
  const time = Date.parse(`${found[1]}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  return Number.isNaN(time) ? null : time;
}

/** The moment as a person types it, in UTC. */
export const typedInstant = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ");

/** The question in one line of words. */
export function spoken(question: Question): string {
  const { box } = question;
  const what = box
    ? `BubbleUp of ${box.column ? `${box.column} ${measure(box.column, box.min ?? 0)} to ${box.max === null ? "any" : measure(box.column, box.max)}` : "a stretch of time"}`
    : question.calculations.filter(isComplete).map(called).join(", ") || "COUNT";
  const where = words(question.where);
  const by = question.breakdowns.filter(Boolean).join(", ");
  return [what, `of ${question.dataset || "no dataset"}`, where && `where ${where}`, by && `by ${by}`].filter(Boolean).join(" ");
}

function words(where: Group): string {
  return where.entries.map((entry) => {
    if (isGroup(entry)) return `(${words(entry)})`;
    const value = needsValue(entry.op) ? ` ${typing(entry.value, undefined)}` : "";
    return `${entry.column} ${entry.op}${value}`;
  }).join(where.combination === "AND" ? " and " : " or ");
}
