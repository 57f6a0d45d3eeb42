import { TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';

interface Props {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}

// Nobody waits for it, and a word is not asked for by its letters.
const pause = 350;

/** Searches while one writes. It follows the address when that changes by something else, such as going back. */
export function SearchBox({ label, placeholder, value, onSearch }: Props) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  const [last, setLast] = useState(value);
  if (value !== last) {
    setLast(value);
    if (value !== sent) {
      setSent(value);
      setText(value);
    }
  }
  const search = () => {
    const wanted = text.trim();
    if (wanted === sent) return;
    setSent(wanted);
    onSearch(wanted);
  };
  const paused = useEffectEvent(search);
  useEffect(() => {
    const timer = setTimeout(paused, pause);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        search();
      }}
    >
      <TextInput
        type="search"
        label={label}
        placeholder={placeholder}
        maxLength={200}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        dir="auto"
      />
    </form>
  );
}
