// What the page knows: fetched once, then kept true by the stream.

import * as api from "./api.ts";
import { follow } from "./live.ts";
import { Route } from "./route.svelte.ts";
import { granularity, hourOf, type Range } from "./series.ts";
import type { AuditRecord, Change, Guard, Incident, Point, Slo } from "./types.ts";

const HOUR = 3_600_000;
const CHANGES_SHOWN = 300;
const HISTORY_EVERY_MS = 10_000;
const HISTORY_COLUMNS = 120;
const HISTORIES_AT_ONCE = 24;
/** The objectives that are not shown in full are asked for at every sixth tick. */
const OTHERS_EVERY = 6;

export interface Trend { points: Point[]; badSince: number; range: Range }

export class Console {
  now = $state(Date.now());
  live = $state<"connecting" | "live" | "lost">("connecting");
  lostAt = $state<number | null>(null);
  /** The server wants a key, and this tab has none that opens it. */
  locked = $state(false);
  loaded = $state(false);
  /** Whether objectives and incidents have been heard of at all: nothing is said of them before. */
  known = $state(false);
  problem = $state<string | null>(null);
  slos = $state.raw<Slo[]>([]);
  incidents = $state.raw<Incident[]>([]);
  changes = $state.raw<Change[]>([]);
  audit = $state.raw<AuditRecord[]>([]);
  guard = $state.raw<Guard | null>(null);
  trends = $state.raw<Record<string, Trend>>({});
  /** Counts up when the pictures should be fetched again. */
  tick = $state(0);

  readonly route = new Route(() => this.#moved());
  /** The incident that the address names; null on every other page. */
  readonly wanted = $derived(this.route.parts[0] === "incidents" ? (this.route.parts[1] ?? null) : null);
  readonly shown = $derived(this.incidents.find((each) => each.id === this.wanted) ?? null);
  readonly newest = $derived([...this.incidents].sort((a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at)));
  readonly open = $derived(this.newest.filter((each) => each.state === "open" || each.state === "mitigating"));
  readonly slo = $derived(this.slos.find((each) => each.id === this.shown?.slo));

  #stop: (() => void)[] = [];
  #audited = "";

  start(): void {
    const clock = setInterval(() => (this.now = Date.now()), 1000);
    const charts = setInterval(() => void this.#refreshTrends(), HISTORY_EVERY_MS);
    const unfollow = follow("/api/v1/stream", api.authorized, {
      opened: () => {
        this.locked = false;
        this.live = "live";
        this.lostAt = null;
        void this.refresh();
      },
      lost: (status) => {
        this.locked = status === 401 || status === 403;
        this.live = "lost";
        this.lostAt ??= Date.now();
        if (!this.loaded) void this.refresh();
      },
      event: (name, data) => this.#take(name, data),
    });
    this.#stop = [
      unfollow, () => clearInterval(clock), () => clearInterval(charts),
      this.route.start(),
    ];
  }

  stop(): void {
    for (const each of this.#stop) each();
  }

  /** Fetches everything; what fails is said, what succeeds is shown. */
  async refresh(): Promise<void> {
    const since = Date.now() - 24 * HOUR;
    const heard = await this.guarded([
      api.slos().then((found) => (this.slos = found)),
      api.incidents().then((found) => (this.incidents = found)),
      api.changes(since, Date.now() + HOUR).then((found) => (this.changes = newestFirst(found))),
      api.guard().then((found) => (this.guard = found)),
    ]);
    if (this.wanted && !this.shown) await this.#fetchWanted(this.wanted);
    this.loaded = true;
    this.known ||= heard;
    this.#audited = "";
    await Promise.all([this.loadAudit(), this.#refreshTrends()]);
  }

  /** Runs requests side by side; the first failure becomes the problem line. */
  async guarded(requests: Promise<unknown>[]): Promise<boolean> {
    const results = await Promise.allSettled(requests);
    const failed = results.find((each) => each.status === "rejected");
    this.problem = failed ? describe(failed.reason) : null;
    return !failed;
  }

  #moved(): void {
    if (this.wanted && !this.shown) void this.#fetchWanted(this.wanted);
    void this.loadAudit();
    if (this.wanted || this.route.path === "/") void this.#refreshTrends();
  }

  async loadAudit(): Promise<void> {
    const id = this.shown?.id;
    if (!id || id === this.#audited) return;
    this.#audited = id;
    try {
      const records = await api.audit(id);
      if (this.#audited === id) this.audit = records;
    } catch (thrown) {
      this.#audited = "";
      this.problem = describe(thrown);
    }
  }

  /** Stops all acting, or allows it again. */
  async setStop(stop: boolean): Promise<void> {
    await this.guarded([api.setStop(stop).then((told) => (this.guard = told))]);
  }

  async reload(id: string): Promise<void> {
    await this.guarded([api.incident(id).then((found) => this.#replace(found))]);
  }

  async #fetchWanted(id: string): Promise<void> {
    await this.reload(id);
    await this.loadAudit();
  }

  #replace(incident: Incident): void {
    const rest = this.incidents.filter((each) => each.id !== incident.id);
    this.incidents = [incident, ...rest];
  }

  #take(name: string, data: unknown): void {
    switch (name) {
      case "incident": {
        const isNew = !this.incidents.some((each) => each.id === (data as Incident).id);
        this.#replace(api.wholeIncident(data as Incident));
        if (isNew) void this.#refreshTrends();
        void this.loadAudit();
        break;
      }
      case "slos":
        this.slos = (Array.isArray(data) ? (data as Slo[]) : (data as { slos: Slo[] }).slos).map(api.wholeSlo);
        break;
      case "change": {
        const rest = this.changes.filter((each) => each.id !== (data as Change).id);
        this.changes = newestFirst([data as Change, ...rest]);
        break;
      }
      case "audit": {
        const record = data as AuditRecord;
        if (record.incident !== this.#audited) break;
        this.audit = [...this.audit.filter((each) => each.seq !== record.seq), record];
        break;
      }
      case "guard":
        this.guard = data as Guard;
        break;
    }
  }

  async #refreshTrends(): Promise<void> {
    if (document.hidden && this.loaded && this.tick > 0) return;
    const now = Date.now();
    const trends: Record<string, Trend> = { ...this.trends };
    const due = this.slos.filter((slo) => slo.id === this.shown?.slo || !trends[slo.id] || this.tick % OTHERS_EVERY === 0);
    await Promise.all(due.slice(0, HISTORIES_AT_ONCE).map(async (slo) => {
      const range = hourOf(this.shown?.slo === slo.id ? this.shown : null, now);
      const step = Math.max(10, granularity(range, HISTORY_COLUMNS));
      try {
        const points = await api.history(slo.id, range.since, range.until, step);
        const tail = now - range.until > 60_000
          ? await api.history(slo.id, range.until, now, Math.ceil((now - range.until) / 1000))
          : [];
        const badSince = tail.reduce((sum, point) => sum + point.eligible - point.good, 0);
        trends[slo.id] = { points, badSince, range };
      } catch (thrown) {
        if (this.live === "live") this.problem = describe(thrown);
      }
    }));
    this.trends = trends;
    this.tick++;
  }
}

/** A failure as one line for a person. */
export function describe(thrown: unknown): string {
  if (thrown instanceof api.Failure) return thrown.message.trim();
  return `Something went wrong in this page: ${String(thrown)}. Reload it.`;
}

function newestFirst(changes: Change[]): Change[] {
  return [...changes].sort((a, b) => Date.parse(b.time) - Date.parse(a.time)).slice(0, CHANGES_SHOWN);
}
