// The API of the same origin. What fails is thrown as a Failure that says what to do.

import type { Board, BoardQuery, BoardText, NewBoardQuery } from "./explore/boards.ts";
import type { Result } from "./explore/result.ts";
import type {
  Action, Asked, AuditRecord, Change, Column, Dora, Explanation, Filter, Flag, Guard, Incident,
  Key, Keys, Named, NextStep, Notebook, NotebookLine, Point, Rollout, Scalar, Slo, Span, StepBack,
  StoreStatus, Telling, Trace,
} from "./types.ts";

const ROOT = "/api/v1";
const DEADLINE_MS = 15_000;
const QUERY_DEADLINE_MS = 60_000;
const AUDIT_PAGES = 40;

/** What failed, why, and what to do about it. */
export class Failure extends Error {
  constructor(readonly what: string, readonly why: string, readonly advice: string, readonly status = 0) {
    super(`${what}: ${why} ${advice}`);
  }
}

const call = <T>(what: string, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  ask(what, method, ROOT + path, body, signal);

const KEY = "firebreak-key";

/** The key that this tab asks with; kept until the tab is closed. Empty where none was given. */
export const key = (): string => sessionStorage.getItem(KEY) ?? "";

export function useKey(secret: string): void {
  if (secret) sessionStorage.setItem(KEY, secret);
  else sessionStorage.removeItem(KEY);
}

export const authorized = (): Record<string, string> => (key() ? { authorization: `Bearer ${key()}` } : {});

/** What the page asks by itself is left out of the history. */
const repeated = (byItself: boolean): Record<string, string> => (byItself ? { "x-firebreak-repeated": "true" } : {});

/** Asks with a deadline; who asked may give up before. */
async function ask<T>(
  what: string, method: string, path: string, body?: unknown, signal?: AbortSignal, deadline = DEADLINE_MS, more: Record<string, string> = {},
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined
        ? { accept: "application/json", ...authorized(), ...more }
        : { accept: "application/json", "content-type": "application/json", ...authorized(), ...more },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(deadline), ...(signal ? [signal] : [])]),
    });
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    const slow = thrown instanceof DOMException && thrown.name === "TimeoutError";
    throw new Failure(what, slow ? `no answer within ${deadline / 1000} s.` : "Firebreak cannot be reached.",
      "Check that it runs; this page tries again by itself.");
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  throw new Failure(what, await reason(answer), advice(answer.status), answer.status);
}

async function reason(answer: Response): Promise<string> {
  try {
    const told = (await answer.json()) as { detail?: string; title?: string; error?: string };
    const said = told.detail ?? told.title ?? told.error;
    if (said) return said.replace(/[.\s]*$/, ".");
  } catch {
    // Not JSON: the status has to do.
  }
  return `the answer was ${answer.status}.`;
}

function advice(status: number): string {
  if (status === 401) return "Give a key at the top of the page.";
  if (status === 403) return "This needs a key with the right to do it.";
  if (status === 404) return "It may be gone: go back to the start page.";
  if (status === 409) return "Something changed in between: look again, then retry.";
  if (status === 429 || status === 503) return "Firebreak is busy: try again in a few seconds.";
  return status >= 500 ? "Look into Firebreak's own log." : "";
}

const query = (told: Record<string, string | number>): string =>
  `?${new URLSearchParams(Object.entries(told).map(([key, each]) => [key, String(each)]))}`;
const instant = (time: number): string => new Date(time).toISOString();
const segment = encodeURIComponent;

/** Lists that an older incident or a short answer leaves out are empty. */
export function wholeIncident(told: Incident): Incident {
  const empty = { suspects: [], differences: [], conjunctions: [], causes: [] };
  const { mitigation } = told;
  return {
    ...empty, ...told,
    mitigation: mitigation ? { ...mitigation, refusals: mitigation.refusals ?? [] } : null,
  };
}

export const wholeSlo = (told: Slo): Slo => ({ ...told, burn_rates: told.burn_rates ?? {} });

export async function slos(): Promise<Slo[]> {
  return (await call<{ slos: Slo[] }>("Objectives not loaded", "GET", "/slos")).slos.map(wholeSlo);
}

export async function history(id: string, since: number, until: number, step: number): Promise<Point[]> {
  const range = query({ since: instant(since), until: instant(until), step });
  const path = `/slos/${segment(id)}/history${range}`;
  return (await call<{ points: Point[] }>("History not loaded", "GET", path)).points;
}

export async function incidents(): Promise<Incident[]> {
  const told = await call<{ incidents: Incident[] }>("Incidents not loaded", "GET", "/incidents");
  return told.incidents.map(wholeIncident);
}

export async function incident(id: string): Promise<Incident> {
  return wholeIncident(await call("Incident not loaded", "GET", `/incidents/${segment(id)}`));
}

export async function changes(since: number, until: number, signal?: AbortSignal): Promise<Change[]> {
  const path = `/changes${query({ since: instant(since), until: instant(until) })}`;
  return (await call<{ changes: Change[] }>("Changes not loaded", "GET", path, undefined, signal)).changes;
}

/** The records of one incident, page by page. */
export async function audit(incidentId: string): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  let since = 0;
  for (let page = 0; page < AUDIT_PAGES; page++) {
    const path = `/audit${query({ since, incident: incidentId })}`;
    const { records } = await call<{ records: AuditRecord[] }>("Audit not loaded", "GET", path);
    found.push(...records.filter((record) => record.incident === incidentId));
    const last = records.at(-1)?.seq ?? since;
    if (last <= since) break;
    since = last;
  }
  return found;
}

export const guard = (): Promise<Guard> => call("Guard not loaded", "GET", "/guard");

/** Says nothing of the mode, so that stopping never brings back one that somebody has changed. */
export const setStop = (stop: boolean): Promise<Guard> => call("Guard not changed", "PUT", "/guard", { stop });

export const setMode = (mode: Guard["mode"]): Promise<Guard> => call("Guard not changed", "PUT", "/guard", { mode });

/** A person acts, or asks what acting would change. */
export const mitigate = (id: string, action: Action, dryRun: boolean): Promise<unknown> =>
  call(dryRun ? "Preview not made" : "Not done", "POST", `/incidents/${segment(id)}/mitigations`,
    { action, dry_run: dryRun });

export const decide = (
  id: string, mitigation: string, what: "approve" | "dismiss" | "undo",
): Promise<unknown> =>
  call("Not done", "POST", `/incidents/${segment(id)}/mitigations/${segment(mitigation)}/${what}`, {});

/** What was seen of the step before, and whether the next one may be taken. */
export const nextStep = (id: string, mitigation: string, build: string): Promise<NextStep> =>
  call("Next step not loaded", "GET",
    `/incidents/${segment(id)}/mitigations/${segment(mitigation)}/next-step${build ? `?build=${segment(build)}` : ""}`);

/** A person gives a part back, or asks what that would change. */
export const stepBack = (id: string, mitigation: string, step: StepBack, dryRun: boolean): Promise<unknown> =>
  call(dryRun ? "Preview not made" : "Not done", "POST",
    `/incidents/${segment(id)}/mitigations/${segment(mitigation)}/step`, { ...step, dry_run: dryRun });

export interface Around {
  dataset: string;
  start_time: string | number;
  end_time: string | number;
  filters: (Filter | unknown)[];
  filter_combination: "AND" | "OR";
}

export async function heatmap(around: Around, column: string, granularity: number): Promise<Column[]> {
  const body = { ...around, column, granularity_seconds: granularity };
  return (await call<{ columns: Column[] }>("Heatmap not loaded", "POST", "/heatmap", body)).columns;
}

/** Without a column or bounds it is a stretch of time. */
export interface Box { column?: string; min?: number; max?: number; start_time: string; end_time: string }

export const bubbleup = (around: Around, box: Box, signal?: AbortSignal, byItself = false): Promise<Explanation> =>
  ask("The box was not explained", "POST", `${ROOT}/bubbleup`, { ...around, selection: { box }, max_terms: 2 }, signal, QUERY_DEADLINE_MS, repeated(byItself));

export interface Gate { allow: boolean | null; reasons?: string[]; budget_remaining?: number | null }

/** Whether a service may ship; null where the server has no gates. */
export async function gate(service: string): Promise<Gate | null> {
  try {
    return await call<Gate>("Gate not asked", "POST", "/gates/evaluate", { service });
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.status === 404 || thrown.status === 405)) return null;
    throw thrown;
  }
}

/** The datasets that people ask about; Firebreak's own are not among them. */
export async function datasets(): Promise<string[]> {
  const told = await ask<{ slug: string }[]>("Datasets not loaded", "GET", "/1/datasets");
  return told.map((each) => each.slug).filter((each) => !each.startsWith("__") && !each.startsWith("firebreak."));
}

/** Where neither series nor totals are looked at. */
export const ROWS_ONLY = { disable_series: true, disable_total_by_aggregate: true, disable_other_by_aggregate: true };

export interface Field { name: string; type: string }

export async function fields(dataset: string): Promise<Field[]> {
  const told = await ask<{ key_name: string; type: string }[]>("Fields not loaded", "GET", `/1/columns/${segment(dataset)}`);
  return told.map((each) => ({ name: each.key_name, type: each.type }));
}

/** Makes a query, runs it and gives its result. */
export async function run(
  dataset: string, query: unknown, signal?: AbortSignal, options: Record<string, unknown> = {}, byItself = false,
): Promise<Result> {
  const made = await ask<{ id: string }>("Not asked", "POST", `/1/queries/${segment(dataset)}`, query, signal, QUERY_DEADLINE_MS);
  const told = await ask<{ data: Result }>("Not answered", "POST", `/1/query_results/${segment(dataset)}`,
    { query_id: made.id, ...options }, signal, QUERY_DEADLINE_MS, repeated(byItself));
  return told.data;
}

/** The most frequent values of a field, for completion. */
export async function values(dataset: string, field: string, around: Record<string, unknown>, many: number): Promise<{ value: Scalar; count: number }[]> {
  const query = { ...around, calculations: [{ op: "COUNT" }], breakdowns: [field], orders: [{ op: "COUNT", order: "descending" }], limit: many };
  const told = await run(dataset, query, undefined, ROWS_ONLY, true);
  return told.results.map(({ data }) => ({ value: (data[field] ?? null) as Scalar, count: Number(data["COUNT"]) }));
}

export interface RawEvent { time: string; dataset: string; sample_rate: number; fields: Record<string, Scalar> }

/** The events themselves, oldest first. */
export const events = (around: Record<string, unknown>, limit: number, signal?: AbortSignal): Promise<{ events: RawEvent[]; truncated: boolean }> =>
  ask("Events not loaded", "POST", `${ROOT}/events`, { ...around, limit }, signal, QUERY_DEADLINE_MS);

/** A span as an outline tells it: what is usual, or not seen in a waterfall, is left out. */
type Outlined = Pick<Span, "span_id" | "depth" | "dataset" | "name" | "offset_ms" | "duration_ms"> & Partial<Span>;

const seenSpan = (told: Outlined): Span =>
  ({ parent_id: null, parent: "known", start: "", error: false, sample_rate: 1, fields: {}, events: [], links: [], ...told });

type Seen = Omit<Trace, "spans"> & { spans: Outlined[] };

const ofTrace = <T>(path: string, signal?: AbortSignal): Promise<T> => ask("Trace not loaded", "GET", path, undefined, signal, QUERY_DEADLINE_MS);

/** So long the first picture has to itself before the rest is asked for. */
const PICTURE_MS = 50;

/** The outline that this page was opened for, asked for while the rest of the script still runs. */
let opened = openedFor(location.pathname);

function openedFor(page: string): { path: string; seen: Promise<Seen>; stop: AbortController } | null {
  const name = /^\/traces\/([^/]+)$/.exec(page)?.[1];
  if (!name) return null;
  const path = `${ROOT}/traces/${name}`;
  const stop = new AbortController();
  const seen = ofTrace<Seen>(`${path}?outline=true`, stop.signal);
  seen.catch(() => undefined); // Who takes it hears of it.
  return { path, seen, stop };
}

/** A trace: first what is seen of it, then all fields of its spans. */
export async function trace(id: string, signal: AbortSignal, outline: (seen: Trace) => void): Promise<Trace> {
  const path = `${ROOT}/traces/${segment(id)}`;
  const early = opened;
  opened = null;
  if (early) signal.addEventListener("abort", () => early.stop.abort(), { once: true });
  const seen = await (early?.path === path ? early.seen : ofTrace<Seen>(`${path}?outline=true`, signal));
  outline({ ...seen, spans: seen.spans.map(seenSpan) });
  await new Promise((resolve) => setTimeout(resolve, PICTURE_MS));
  return ofTrace(path, signal);
}

/** The audit records after a sequence number. */
export async function records(since: number, limit: number, signal: AbortSignal): Promise<AuditRecord[]> {
  return (await call<{ records: AuditRecord[] }>("Audit not loaded", "GET", `/audit${query({ since, limit })}`, undefined, signal)).records;
}

export interface Chain { whole: boolean; records?: number; head?: string; sequence?: number; why?: string }

/** Whether the hashes of all audit records, computed anew, make one chain. */
export const chain = (signal: AbortSignal): Promise<Chain> =>
  ask("Audit not verified", "GET", `${ROOT}/audit/verify`, undefined, signal, QUERY_DEADLINE_MS);

export interface Build { id: string; commit: string; build_num: string; finished_at: string; failed: boolean }

/** The builds that are over, each with the trace of its steps. */
export async function builds(since: number, until: number): Promise<Build[]> {
  return (await call<{ builds: Build[] }>("Builds not loaded", "GET", `/builds${query({ since: instant(since), until: instant(until) })}`)).builds;
}

export const store = (): Promise<StoreStatus> => call("Store not looked at", "GET", "/store");

const between = (since: number, until: number): Record<string, string> => ({ since: instant(since), until: instant(until) });

export async function rollouts(since: number, until: number, signal: AbortSignal): Promise<Rollout[]> {
  return (await call<{ rollouts: Rollout[] }>("Rollouts not loaded", "GET", `/rollouts${query(between(since, until))}`, undefined, signal)).rollouts;
}

/** One of them with its share of the traffic over time, and what it did to the objectives. */
export const rollout = (id: string, since: number, until: number): Promise<Rollout> =>
  call("Rollout not loaded", "GET", `/rollouts/${segment(id)}${query(between(since, until))}`);

export const dora = (environment: string, service: string, since: number, until: number): Promise<Dora> =>
  call("Figures not loaded", "GET", `/dora${query({ ...between(since, until), ...(environment ? { environment } : {}), ...(service ? { service } : {}) })}`);

export const flags = (signal: AbortSignal): Promise<{ flags: Flag[]; truncated: boolean }> => call("Flags not loaded", "GET", "/flags", undefined, signal);

export const asked = (find: string, signal: AbortSignal): Promise<{ asked: Asked[]; named: Named[]; kept_at_most: number }> =>
  call("History not loaded", "GET", `/queries${query({ find, limit: 200 })}`, undefined, signal);

/** Gives the query a name, and keeps it for good. */
export async function name(dataset: string, kept: unknown, called: string, description: string): Promise<void> {
  const made = await ask<{ id: string }>("Not named", "POST", `/1/queries/${segment(dataset)}`, kept);
  await ask("Not named", "POST", `/1/query_annotations/${segment(dataset)}`, { name: called, description, query_id: made.id });
}

export const unname = (each: Named): Promise<undefined> =>
  ask("Name not taken away", "DELETE", `/1/query_annotations/${segment(each.dataset)}/${segment(each.id)}`);

export async function notebooks(): Promise<NotebookLine[]> {
  return (await call<{ notebooks: NotebookLine[] }>("Notebooks not loaded", "GET", "/notebooks")).notebooks;
}

export const notebook = (id: string): Promise<Notebook> => call("Notebook not loaded", "GET", `/notebooks/${segment(id)}`);

/** Without an id it is a new one; with updated_at it is written only if nobody else has written it since. */
export const saveNotebook = ({ id, title, description, steps, updated_at }: Partial<Notebook> & { title: string }): Promise<Notebook> =>
  call("Notebook not saved", id === undefined ? "POST" : "PUT", id === undefined ? "/notebooks" : `/notebooks/${segment(id)}`,
    { title, description: description ?? "", steps: steps ?? [], ...(updated_at ? { updated_at } : {}) });

export const dropNotebook = (id: string): Promise<undefined> => call("Notebook not deleted", "DELETE", `/notebooks/${segment(id)}`);

export const keys = (): Promise<Keys> => call("Keys not loaded", "GET", "/keys");

/** The answer holds the secret, this once. */
export const makeKey = (name: string, scopes: string[], trusted: boolean): Promise<Key> =>
  call("Key not made", "POST", "/keys", { name, scopes, trusted });

export const revokeKey = (id: string): Promise<undefined> => call("Key not revoked", "DELETE", `/keys/${segment(id)}`);

export const telling = (): Promise<Telling> => call("Notifications not looked at", "GET", "/notifications");

export const testTelling = (): Promise<Telling> => call("Test not sent", "POST", "/notifications/test", {});

/** All boards; null where the server has none of them. */
export async function boards(): Promise<Board[] | null> {
  try {
    return await ask<Board[]>("Boards not loaded", "GET", "/1/boards");
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status === 404) return null;
    throw thrown;
  }
}

export const board = (id: string): Promise<Board> => ask("Board not loaded", "GET", `/1/boards/${segment(id)}`);

/** What a board is made of; without an id it is a new one. */
export interface BoardDraft { id?: string; name: string; description: string; column_layout?: string; queries: (BoardQuery | NewBoardQuery)[]; slos: string[]; texts?: BoardText[] }

export function saveBoard({ id, name, description, column_layout, queries, slos, texts }: BoardDraft): Promise<Board> {
  const body = { name, description, column_layout: column_layout ?? "multi", queries: queries.map(asSent), slos, texts: texts ?? [] };
  return ask("Board not saved", id === undefined ? "POST" : "PUT", id === undefined ? "/1/boards" : `/1/boards/${segment(id)}`, body);
}

/** Of a query that is kept its id is enough. */
function asSent(each: BoardQuery | NewBoardQuery): unknown {
  const { caption, query_style, dataset } = each;
  return each.query === undefined ? { caption, query_style, dataset, query_id: each.query_id } : { caption, query_style, dataset, query: each.query };
}

export const dropBoard = (id: string): Promise<undefined> => ask("Board not deleted", "DELETE", `/1/boards/${segment(id)}`);

export const keptQuery = (dataset: string, id: string): Promise<Record<string, unknown>> =>
  ask("Query not loaded", "GET", `/1/queries/${segment(dataset || "__all__")}/${segment(id)}`);
