// The audit records: which match, whether they hang together, and as files.

import { csv } from "./explore/result.ts";
import type { AuditRecord } from "./types.ts";

export interface Wish { kind: string; actor: string; incident: string; text: string }

/** The records that match, in their order. */
export function find(records: AuditRecord[], { kind, actor, incident, text }: Wish): AuditRecord[] {
  const wanted = text.toLowerCase();
  return records.filter((each) =>
    (!kind || each.kind === kind) && (!actor || each.actor === actor) && (!incident || each.incident === incident)
    && (!wanted || JSON.stringify(each).toLowerCase().includes(wanted)));
}

/** Where the records do not follow upon each other; null where they all do. */
export function broken(records: AuditRecord[]): { seq: number; why: string } | null {
  for (let at = 1; at < records.length; at++) {
    const before = records[at - 1];
    const record = records[at];
    if (!before || !record) continue;
    if (record.seq !== before.seq + 1) return { seq: record.seq, why: `record ${before.seq + 1} is missing` };
    if (record.previous_hash !== before.hash) return { seq: record.seq, why: "it does not name the record before it" };
  }
  return null;
}

/** One record a line, as JSON. */
export const lines = (records: AuditRecord[]): string => records.map((each) => `${JSON.stringify(each)}\n`).join("");

/** The records as comma-separated values. */
export const sheet = (records: AuditRecord[]): string =>
  csv(["seq", "time", "actor", "kind", "incident", "mitigation", "body", "hash", "previous_hash"], records.map((each) =>
    [each.seq, each.time, each.actor, each.kind, each.incident, each.mitigation, JSON.stringify(each.body), each.hash, each.previous_hash]));
