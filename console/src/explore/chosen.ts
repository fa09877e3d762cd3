// A value that a person pressed, and where.

import type { Scalar } from "../types.ts";

export interface Chosen { field: string; value: Scalar; x: number; y: number }

/** The value under the pointer, or of the button that the keyboard pressed. */
export function chosenAt(event: MouseEvent, field: string, value: Scalar): Chosen {
  const edge = (event.currentTarget as Element).getBoundingClientRect();
  return { field, value, x: edge.left, y: edge.bottom + 4 };
}
