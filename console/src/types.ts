// The JSON of the API under /api/v1, as far as the page reads it. Times are RFC 3339, UTC.

export type Scalar = string | number | boolean | null;
export interface Term { field: string; value: Scalar }
export interface Filter { column: string; op: string; value?: Scalar | Scalar[] }

export interface Slo {
  id: string;
  name: string;
  service: string;
  dataset: string;
  target: number;
  window_seconds: number;
  eligible: number;
  bad: number;
  budget_remaining: number | null;
  burn_rates: Record<string, number | null>;
  exhausted_at: string | null;
  filters?: Filter[];
  filter_combination?: "AND" | "OR";
  threshold?: { column: string; op: string; value: number } | null;
}

export interface Point { time: string; good: number; eligible: number }

export interface Verdict {
  kind: "flag" | "deploy" | "customer" | "none" | "unsure";
  change_id?: string | null;
  flag?: string | null;
  variation?: string | null;
  build_id?: string | null;
  terms?: Term[];
  posterior: number;
}

export interface Evidence {
  exposed?: { events: number; bad: number };
  unexposed?: { events: number; bad: number };
  units_affected?: number;
  onset_lag_s?: number;
}

export interface Suspect {
  change_id?: string | null;
  kind: string;
  name: string;
  posterior: number;
  for: string[];
  against: string[];
  evidence?: Evidence | null;
}

export type Audience =
  | { kind: "everyone" }
  | { kind: "context"; context_kind: string; keys: string[] }
  | { kind: "segment"; key: string }
  | { kind: "rule"; id: string }
  | { kind: "percentage"; from: number; to: number };

export interface Action { flag: string; audience: Audience; to_variation: string }

export type MitigationState =
  | "recommended" | "intended" | "sent" | "applied" | "unknown" | "verifying" | "effective"
  | "ineffective" | "superseded" | "cancelled" | "escalated" | "undone";

export interface Mitigation {
  id: string;
  state: MitigationState;
  action: Action;
  refusals: string[];
  predicted?: {
    burn_rate_after: number | null;
    low: number | null;
    high: number | null;
    traffic_affected: number | null;
  } | null;
  observed?: { burn_rate_after: number | null } | null;
  actor?: string | null;
  note?: string | null;
  before?: unknown;
  after?: unknown;
  applied_at?: string | null;
}

export interface Bar { low: number; high: number; selection_share: number; baseline_share: number }

export interface Difference {
  field: string;
  type: "dimension" | "measure";
  value?: Scalar;
  histogram?: Bar[];
  split?: number;
  above?: boolean;
  selection_share: number;
  baseline_share: number;
  excess: number;
  p_value: number;
}

export interface Cause {
  terms: Term[];
  selection_share: number;
  baseline_share: number;
  excess: number;
  p_value: number;
}

export interface Explanation {
  selected?: number;
  baseline?: number;
  fields_tested?: number;
  differences: Difference[];
  conjunctions: Cause[];
  causes: Cause[];
  elapsed_ms?: number;
}

export interface Incident {
  id: string;
  slo: string;
  slo_name?: string;
  service?: string;
  target?: number;
  dataset: string;
  state: "open" | "mitigating" | "mitigated" | "closed";
  opened_at: string;
  burn_began_at: string;
  closed_at: string | null;
  detected_by: string;
  burn_rate: number;
  budget_spent_at_detection: number | null;
  budget_remaining: number | null;
  verdict: Verdict;
  suspects: Suspect[];
  differences: Difference[];
  conjunctions: Cause[];
  causes: Cause[];
  selected?: number;
  baseline?: number;
  fields_tested?: number;
  mitigation: Mitigation | null;
}

export interface Change {
  id: string;
  kind: "build" | "deploy" | "flag" | "marker";
  time: string;
  service?: string;
  environment?: string;
  name: string;
  build_id?: string;
  flag?: string;
  summary?: string;
  actor?: string;
  url?: string;
  own?: boolean;
}

export interface AuditRecord {
  seq: number;
  time: string;
  actor: string;
  kind: string;
  incident: string | null;
  mitigation: string | null;
  body: unknown;
  hash: string;
  previous_hash: string;
}

export interface Guard { mode: "watch" | "ask" | "act"; stop: boolean }

export interface Column { time: string | number; bins: { low: number; high: number; count: number }[] }
