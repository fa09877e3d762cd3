// What was done, step by step, out of the audit records of an incident.

import { belief, percent, rate } from "./format.ts";
import { comparison, detector, order, spoken } from "./sentences.ts";
import type { Action, AuditRecord, Incident } from "./types.ts";

/** note: seen or thought · act: changed something · good: shown to work · bad: did not work */
export type Tone = "note" | "act" | "good" | "bad";

export interface Step { time: string; text: string; tone: Tone; actor: string; seq: number | null }

const TONES: Record<string, Tone> = {
  intended: "act", sent: "act", approved: "act", applied: "act", undone: "act", stopped: "act",
  approval: "act", step: "act", stepped: "act",
  effective: "good", closed: "good", mitigated: "good",
  declined: "bad", ineffective: "bad", unknown: "bad", superseded: "bad", escalated: "bad", refused: "bad",
};

const WORDS: Record<string, string> = {
  opened: "Incident opened", attributed: "Changes weighed", recommended: "Recommended",
  intended: "Intended", approved: "Approved", dismissed: "Left alone", sent: "Sent",
  step: "A step back is asked for", stepped: "A part given back",
  approval: "Waits for approval at the flag provider", declined: "Declined at the flag provider",
  applied: "Applied", unknown: "No answer: it may have landed", verifying: "Being checked",
  effective: "Effective", ineffective: "Not effective", superseded: "Somebody changed the flag first",
  cancelled: "Cancelled", escalated: "A person is needed", undone: "Undone", closed: "Incident closed",
};

/** The records as steps, oldest first, with the beginning of the burn in front. */
export function steps(incident: Incident, records: AuditRecord[]): Step[] {
  const own = records
    .filter((record) => record.incident === incident.id)
    .sort((a, b) => a.seq - b.seq)
    .map((record) => step(record, incident));
  const began: Step = {
    time: incident.burn_began_at, text: "The burn began", tone: "note", actor: "", seq: null,
  };
  if (own.length > 0) return [began, ...own];
  return [began, {
    time: incident.opened_at, tone: "note", actor: "guard", seq: null,
    text: seen(incident),
  }];
}

function step(record: AuditRecord, incident: Incident): Step {
  const kind = word(record.kind);
  return {
    time: record.time,
    text: text(kind, body(record.body), incident),
    tone: TONES[kind] ?? "note",
    actor: record.actor,
    seq: record.seq,
  };
}

/** The last word of a kind, whatever stands in front: mitigation.applied is applied. */
function word(kind: string): string {
  return kind.toLowerCase().split(/[.\s:/_-]/).at(-1) ?? kind;
}

function body(raw: unknown): Record<string, unknown> {
  if (typeof raw === "string") {
    try {
      return body(JSON.parse(raw));
    } catch {
      return { summary: raw };
    }
  }
  return raw && typeof raw === "object" ? (raw as Record<string, unknown>) : {};
}

function text(kind: string, told: Record<string, unknown>, incident: Incident): string {
  for (const key of ["summary", "message", "text"]) {
    const said = told[key];
    if (typeof said === "string" && said) return said;
  }
  const head = WORDS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll("_", " ");
  const rest = figure(kind, told, incident) || noted(told);
  return rest ? `${head}: ${rest}` : head;
}

function figure(kind: string, told: Record<string, unknown>, incident: Incident): string {
  const mitigation = incident.mitigation;
  switch (kind) {
    case "opened":
      return seen(incident);
    case "attributed": {
      const top = incident.suspects[0];
      return top ? `${top.name || "none of ours"} at ${belief(top.posterior)}` : "";
    }
    case "recommended":
    case "intended": {
      const action = (told["action"] as Action | undefined) ?? mitigation?.action;
      return action ? spoken(order(action)).replace(/^Turn /, "turn ") : "";
    }
    case "effective":
    case "ineffective": {
      const after = told["burn_rate_after"] ?? told["observed"];
      if (typeof after === "number") return `burn ${rate(after)}`;
      return mitigation ? comparison(mitigation).replace(/^Burn/, "burn") : "";
    }
    default:
      return "";
  }
}

function noted(told: Record<string, unknown>): string {
  for (const key of ["note", "reason", "why", "comment"]) {
    const said = told[key];
    if (typeof said === "string" && said) return said;
  }
  return "";
}

function seen(incident: Incident): string {
  const spent = incident.budget_spent_at_detection;
  const share = spent == null ? "" : `, with ${percent(spent)} of the budget spent`;
  return `burn of ${rate(incident.burn_rate)} seen by ${detector(incident.detected_by)}${share}`;
}
