// From a place on a heatmap to a trace that lies there.

import * as api from "../api.ts";
import { link } from "../route.svelte.ts";
import type { Boxed } from "./question.ts";

/** The address of the trace of the first event in the box; null where none of them has one. */
export async function exampleTrace(dataset: string, conditions: { filters: unknown[]; filter_combination: string }, box: Boxed, signal?: AbortSignal): Promise<string | null> {
  const { column, min, max } = box;
  const filters = [
    ...(conditions.filters.length > 0 ? [conditions] : []), { column: "trace.trace_id", op: "exists" },
    ...(column && min !== null ? [{ column, op: ">=", value: min }] : []), ...(column && max !== null ? [{ column, op: "<", value: max }] : []),
  ];
  const around = { dataset, filters, filter_combination: "AND", start_time: Math.floor(box.since / 1000), end_time: Math.ceil(box.until / 1000) };
  const { events: [event] } = await api.events(around, 1, signal);
  if (!event) return null;
  const span = event.fields["trace.span_id"];
  return link("traces", String(event.fields["trace.trace_id"])) + (span ? `?span=${encodeURIComponent(String(span))}` : "");
}
