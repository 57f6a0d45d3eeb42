import { Box } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { media } from '../lib/api';
import { authorizedFetch } from '../lib/session';

interface Props {
  /** The id of the product, or of the tenant whose logo it is. */
  id: string;
  /** Where the picture is, as the API says. The page never loads it from there: the service does. */
  url: string | null | undefined;
  name: string;
  size?: number;
}

/**
 * A small square picture beside a name, which says what is on it. It is fetched when it comes near to what can be seen;
 * until then, and where there is none, the first letter stands in its place.
 */
export function Picture({ id, url, name, size = 40 }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  const [shown, setShown] = useState<string>();

  useEffect(() => {
    if (!url || !place.current) return;
    const stop = new AbortController();
    let made: string | undefined;
    const look = async () => {
      try {
        const response = await authorizedFetch(media(id, url), { signal: stop.signal });
        const picture = response.ok ? await response.blob() : undefined;
        if (!picture || stop.signal.aborted) return;
        made = URL.createObjectURL(picture);
        setShown(made);
      } catch {
        // A picture is no reason to disturb anybody: the letter stays.
      }
    };
    const near = new IntersectionObserver(
      (seen) => {
        if (!seen.some((s) => s.isIntersecting)) return;
        near.disconnect();
        void look();
      },
      { rootMargin: '200px' },
    );
    near.observe(place.current);
    return () => {
      near.disconnect();
      stop.abort();
      if (made) URL.revokeObjectURL(made);
      setShown(undefined);
    };
  }, [id, url]);

  return (
    <Box component="span" ref={place} className="picture" w={size} h={size} aria-hidden="true">
      {shown ? <img src={shown} alt="" width={size} height={size} onError={() => setShown(undefined)} /> : initial(name)}
    </Box>
  );
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The first letter of a name, in whatever script. */
function initial(name: string): string {
  const [first] = letters.segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? '';
}
