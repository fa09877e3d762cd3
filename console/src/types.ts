// The JSON of the API under /api/v1, as far as the page reads it. Times are RFC 3339, UTC.

export type Scalar = string | number | boolean | null;
export interface Term { field: string; value: Scalar }
export interface Filter { column: string; op: string; value?: Scalar | Scalar[] }
/** How sure a figure is, and what it means, where the server tells. */
export interface Told { excess_low?: number; excess_high?: number; rate?: number; rest_rate?: number; budget_share?: number; says?: string }

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
  | "recommended" | "intended" | "sent" | "awaiting_approval" | "applied" | "unknown" | "verifying"
  | "effective" | "ineffective" | "superseded" | "cancelled" | "declined" | "escalated" | "returning" | "undone";

/** A step by which a person gave back a part of what was taken. */
export interface WayBackStep { percent: number | null; contexts: string[]; build: string | null; actor: string; at: string }

/** A step that a person asks for: a share of what was served before, or contexts by key. */
export interface StepBack { percent?: number | null; contexts?: string[]; build?: string | null }

export interface NextStep {
  percent: number | null;
  contexts: string[];
  build: string | null;
  allowed: boolean;
  refusals: string[];
  watched: string[];
}

/** The request at the flag provider that its own people approve a mitigation. */
export interface ApprovalRequest { id: string; asked_at: string; standing: string; by: string; note: string }

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
  approval?: ApprovalRequest | null;
  way_back?: WayBackStep[];
}

export interface Bar { low: number; high: number; selection_share: number; baseline_share: number }

export interface Difference extends Told {
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

export interface Cause extends Told {
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
  counterfactuals?: Counterfactual[];
  mitigation: Mitigation | null;
  mitigations?: Mitigation[];
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
  /** Seen for the first time, as it was: nobody changed anything. */
  first_sight?: boolean;
  commit?: string;
  branch?: string;
  repository?: string;
  version?: string | number;
  state?: string;
  finished_at?: string | null;
  before?: unknown;
  after?: unknown;
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

export interface Guard {
  mode: "watch" | "ask" | "act";
  stop: boolean;
  eligible?: string[];
  environment?: string;
  limits?: Record<string, number>;
}

export interface StoreStatus {
  healthy: boolean;
  trouble: string;
  events: number;
  part_bytes: number;
  journal_bytes: number;
  disk_free_bytes: number;
  datasets: Record<string, { events: number; durability: string; retention_seconds?: number }>;
}

export interface Annotation {
  type: string;
  name: string;
  time: string;
  offset_ms: number;
  dataset: string;
  fields: Record<string, Scalar>;
}

export interface Span {
  span_id: string;
  parent_id: string | null;
  parent: "root" | "known" | "missing" | "circular";
  depth: number;
  dataset: string;
  name: string;
  start: string;
  offset_ms: number;
  duration_ms: number;
  error: boolean;
  sample_rate: number;
  fields: Record<string, Scalar>;
  events: Annotation[];
  links: Annotation[];
}

export interface Trace {
  trace_id: string;
  start: string;
  duration_ms: number;
  span_count: number;
  missing_parents: number;
  truncated: boolean;
  spans: Span[];
  unattached: Annotation[];
}

export interface Estimate { value: number | null; low: number | null; high: number | null }

/** A step that could have been taken, and what it would have left of the burn. */
export interface Counterfactual {
  step: "nothing" | "customer" | "segment" | "rule" | "percentage" | "variation" | "flag" | "build";
  possible: boolean;
  name: string;
  flag: string | null;
  variation: string | null;
  build_id: string | null;
  terms: Term[];
  burn_rate: Estimate;
  bad_events_avoided: Estimate;
  budget_remaining: Estimate;
  traffic_affected: number | null;
  good_events_affected: number;
  note: string;
}

/** The life of one build of a service, from its pull request to the traffic that it serves. */
export interface Rollout {
  id: string;
  service: string;
  build_id: string;
  commit: string;
  repository: string;
  time: string;
  merge: Change | null;
  build: Change | null;
  artifact: Change | null;
  environments: Landing[];
  verdict: "blamed" | null;
  incidents: { id: string; slo: string; state: string; posterior: number | null }[];
  slo_impact?: Impact[];
}

export interface Landing {
  environment: string;
  confirmed: boolean;
  note: string;
  deploys: Change[];
  first_seen: string | null;
  everywhere_at: string | null;
  lead_time_seconds: number | null;
  events: number;
  share: number | null;
  rollback: boolean;
  rolled_back_at: string | null;
  shares?: { time: string; share: number; events: number }[];
}

/** What a build did to an objective, beside the rest in the same minutes. */
export interface Impact {
  slo: string;
  environment: string;
  since: string;
  until: string | null;
  build: { events: number; bad: number };
  rest: { events: number; bad: number };
  excess_bad: number | null;
  excess_low: number | null;
  excess_high: number | null;
  budget_share: number | null;
  p_value: number | null;
}

export interface Dora {
  environment: string;
  deploys: number;
  deployment_frequency_per_day: number;
  lead_time_seconds: number | null;
  lead_times: number;
  failed: number;
  change_failure_rate: number | null;
  time_to_restore_seconds: number | null;
  restored: number;
}

export interface Flag {
  key: string;
  version: string;
  on: boolean;
  variations: string[];
  off_variation: string | null;
  temporary: boolean;
  archived: boolean;
  tags: string[];
  refusals: string[];
}

/** A query that somebody asked, as the history tells of it. */
export interface Asked {
  id: string;
  dataset: string;
  who: string;
  first_asked_at: string;
  last_asked_at: string;
  times: number;
  elapsed_ms: number;
  rows: number;
  query: Record<string, unknown>;
}

export interface Named { id: string; name: string; description: string; dataset: string; query_id: string; updated_at: string; query: Record<string, unknown> | null }

/** What a step of a notebook saw: figures of the first rows, and how many events they were of. */
export interface Seen { at: string; fields: string[]; rows: Scalar[][]; more: number; examined: number | null }
export interface NoteStep { title: string; note: string; question: Record<string, unknown> | null; seen: Seen | null }
export interface Notebook { id: string; title: string; description: string; steps: NoteStep[]; created_at: string; updated_at: string }
export type NotebookLine = Omit<Notebook, "steps"> & { steps: number };

export interface Key { id: string | null; name: string; scopes: string[]; trusted: boolean; created_by: string | null; created_at: string | null; secret?: string }
export interface Keys { open: boolean; senders_trusted: boolean; scopes: string[]; keys: Key[] }

export interface Telling { destinations: string[]; waiting: number; delivered: number; given_up: number; last_trouble: string | null }

export interface Column { time: string | number; bins: { low: number; high: number; count: number }[] }
