import { CloseButton, Group, Title } from '@mantine/core';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A dialog over the page, open as long as it is there. It is the browser's own, which keeps the focus inside, closes by
 * Escape and gives the focus back.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the element goes: a dialog that was not closed gives no focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={onClose}>
      <Group justify="space-between" align="start" wrap="nowrap" mb="sm">
        <Title order={2} size="h4" id={id} className="name">
          {title}
        </Title>
        <CloseButton aria-label="Close" onClick={onClose} />
      </Group>
      {children}
    </dialog>
  );
}
