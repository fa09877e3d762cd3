// The pages there are, and what each is called.

import type { Console } from "./console.svelte.ts";

export interface Place { path: string; name: string }

/** In the order of the navigation. */
export const PLACES: Place[] = [
  { path: "/", name: "Now" },
  { path: "/incidents", name: "Incidents" },
  { path: "/explore", name: "Explore" },
  { path: "/traces", name: "Traces" },
  { path: "/rollouts", name: "Rollouts" },
  { path: "/changes", name: "Changes" },
  { path: "/boards", name: "Boards" },
  { path: "/history", name: "History" },
  { path: "/audit", name: "Audit" },
  { path: "/settings", name: "Settings" },
];

/** Whether the path is one of the console's own and not of an API. */
export function isPage(path: string): boolean {
  return PLACES.some((place) => path === place.path || (place.path !== "/" && path.startsWith(`${place.path}/`)));
}

/** What the browser's tab says. */
export function title(page: Console): string {
  const [first = "", second] = page.route.parts;
  const shown = page.shown;
  if (shown) {
    const word = page.open.includes(shown) ? "Burning" : "Incident";
    return `${word}: ${shown.slo_name ?? shown.slo} · Firebreak`;
  }
  if (first === "") return page.open.length > 0 ? `Burning: ${page.open.length} · Firebreak` : "Now · Firebreak";
  if (first === "traces" && second) return `Trace ${second.slice(0, 12)} · Firebreak`;
  const place = PLACES.find((each) => each.path === `/${first}`);
  return `${place?.name ?? "Not found"} · Firebreak`;
}
