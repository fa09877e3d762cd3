// The API of the same origin. What fails is thrown as a Failure that says what to do.

import type {
  Action, AuditRecord, Change, Column, Explanation, Filter, Guard, Incident, Point, Slo,
} from "./types.ts";

const ROOT = "/api/v1";
const DEADLINE_MS = 15_000;
const AUDIT_PAGES = 40;

/** What failed, why, and what to do about it. */
export class Failure extends Error {
  constructor(readonly what: string, readonly why: string, readonly advice: string) {
    super(`${what}: ${why} ${advice}`);
  }
}

async function call<T>(what: string, method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(ROOT + path, {
      method,
      headers: body === undefined
        ? { accept: "application/json" }
        : { accept: "application/json", "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch (thrown) {
    const slow = thrown instanceof DOMException && thrown.name === "TimeoutError";
    throw new Failure(what, slow ? "no answer within 15 s." : "Firebreak cannot be reached.",
      "Check that it runs; this page tries again by itself.");
  }
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
  throw new Failure(what, await reason(answer), advice(answer.status));
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
  if (status === 401 || status === 403) return "This needs a key with the right to do it.";
  if (status === 404) return "It may be gone: go back to the start page.";
  if (status === 409) return "Something changed in between: look again, then retry.";
  if (status === 429 || status === 503) return "Firebreak is busy: try again in a few seconds.";
  return status >= 500 ? "Look into Firebreak's own log." : "";
}

const query = (told: Record<string, string | number>): string =>
  `?${new URLSearchParams(Object.entries(told).map(([key, each]) => [key, String(each)]))}`;
const instant = (time: number): string => new Date(time).toISOString();
const segment = encodeURIComponent;

export async function slos(): Promise<Slo[]> {
  return (await call<{ slos: Slo[] }>("Objectives not loaded", "GET", "/slos")).slos;
}

export async function history(id: string, since: number, until: number, step: number): Promise<Point[]> {
  const range = query({ since: instant(since), until: instant(until), step });
  const path = `/slos/${segment(id)}/history${range}`;
  return (await call<{ points: Point[] }>("History not loaded", "GET", path)).points;
}

export async function incidents(): Promise<Incident[]> {
  return (await call<{ incidents: Incident[] }>("Incidents not loaded", "GET", "/incidents")).incidents;
}

export const incident = (id: string): Promise<Incident> =>
  call("Incident not loaded", "GET", `/incidents/${segment(id)}`);

export async function changes(since: number, until: number): Promise<Change[]> {
  const path = `/changes${query({ since: instant(since), until: instant(until) })}`;
  return (await call<{ changes: Change[] }>("Changes not loaded", "GET", path)).changes;
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

export const setGuard = (wanted: Guard): Promise<Guard | undefined> =>
  call("Guard not changed", "PUT", "/guard", { mode: wanted.mode, stop: wanted.stop });

/** A person acts, or asks what acting would change. */
export const mitigate = (id: string, action: Action, dryRun: boolean): Promise<unknown> =>
  call(dryRun ? "Preview not made" : "Not done", "POST", `/incidents/${segment(id)}/mitigations`,
    { action, dry_run: dryRun });

export const decide = (
  id: string, mitigation: string, what: "approve" | "dismiss" | "undo",
): Promise<unknown> =>
  call("Not done", "POST", `/incidents/${segment(id)}/mitigations/${segment(mitigation)}/${what}`, {});

export interface Around {
  dataset: string;
  start_time: string;
  end_time: string;
  filters: Filter[];
  filter_combination: "AND" | "OR";
}

export async function heatmap(around: Around, column: string, granularity: number): Promise<Column[]> {
  const body = { ...around, column, granularity_seconds: granularity };
  return (await call<{ columns: Column[] }>("Heatmap not loaded", "POST", "/heatmap", body)).columns;
}

export interface Box { column: string; min: number; max: number; start_time: string; end_time: string }

export const bubbleup = (around: Around, box: Box): Promise<Explanation> =>
  call("The box was not explained", "POST", "/bubbleup", { ...around, selection: { box }, max_terms: 2 });
