import { type FormEvent, useState } from 'react';

interface UserError {
  field?: readonly string[] | null;
  message: string;
}

/**
 * What a form needs to send an input: the values are those of its fields, by their names. What the service refuses stands
 * at the field that it names, or above all; the first such field gets the focus.
 */
export function useSend(send: (values: Record<string, string>) => Promise<readonly UserError[]>) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<readonly UserError[]>([]);
  const [error, setError] = useState<unknown>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setError(undefined);
    setRefused([]);
    try {
      const problems = await send(Object.fromEntries(new FormData(form)) as Record<string, string>);
      setRefused(problems);
      const first = problems.map((p) => p.field?.at(-1)).find((name) => name && form.elements.namedItem(name));
      const element = first ? form.elements.namedItem(first) : null;
      if (element instanceof HTMLElement) element.focus();
    } catch (e) {
      setError(e);
    } finally {
      setBusy(false);
    }
  };

  /** What is wrong with a field, null when nothing is. */
  const at = (name: string) => refused.find((p) => p.field?.at(-1) === name)?.message ?? null;
  /** What is wrong and belongs to none of the named fields. */
  const rest = (...names: string[]) => refused.filter((p) => !names.includes(p.field?.at(-1) ?? ''));
  return { submit, busy, error, at, rest };
}
