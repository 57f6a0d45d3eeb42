import { useState } from 'react';

/** Returns a value, and while there is none the last one, so that a page does not flicker between two answers. */
export function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
