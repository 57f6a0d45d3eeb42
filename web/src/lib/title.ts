import { useEffect } from 'react';
import { useViewer } from './session';

/** What the document is called while a page is shown. */
export const title = (page: string, store: string) => `${page} · ${store} · Shopsight`;

/** Calls the document by what the page shows, once that is known; until then it has the name of the page. */
export function useTitle(name: string | undefined) {
  const { tenant } = useViewer();
  useEffect(() => {
    if (name !== undefined) document.title = title(name, tenant.name);
  }, [name, tenant.name]);
}
