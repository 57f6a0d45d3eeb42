import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createClient, type RequestParams } from 'graphql-sse';
import { useEffect, useEffectEvent, useRef } from 'react';
import { stringifyDocument } from 'urql';
import { graphql } from '../gql';
import type { DataChangeKind } from '../gql/graphql';
import { endpoint } from './api';
import { accessToken } from './session';

const events = createClient({
  url: endpoint,
  retryAttempts: 0,
  credentials: 'omit',
  headers: async () => ({ Authorization: `Bearer ${await accessToken()}` }),
});

/** Listens to a subscription in words, until it ends or nobody listens any more. */
export const listen = (request: RequestParams) => events.iterate(request);

const longest = 30_000;

/**
 * Listens to a subscription while the page can be seen: over HTTP/1.1 browsers open six connections to one host, all tabs
 * together, and one that nobody looks at must not hold any. A page should listen to one thing at a time. A stream ends with
 * its token, and is opened again; what happened in between was missed, which onMissed is told of.
 */
export function useLive<Data, Variables>(
  operation: TypedDocumentNode<Data, Variables>,
  { onData, onMissed }: { onData: (data: Data) => void; onMissed?: () => void },
) {
  const hear = useEffectEvent(onData);
  const missed = useEffectEvent(() => onMissed?.());
  useEffect(() => {
    let close = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = 500;
    let missing = false;
    const open = () => {
      let closed = false;
      const ended = () => {
        if (closed) return;
        missing = true;
        timer = setTimeout(open, wait);
        wait = Math.min(wait * 2, longest);
      };
      const end = events.subscribe<Data>(
        { query: stringifyDocument(operation) },
        {
          next: ({ data }) => {
            wait = 500;
            if (data) hear(data);
          },
          error: ended,
          complete: ended,
        },
      );
      close = () => {
        closed = true;
        clearTimeout(timer);
        end();
      };
      if (missing) missed();
      missing = false;
    };
    const look = () => {
      close();
      if (document.visibilityState === 'visible') open();
      else missing = true;
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      close();
    };
  }, [operation]);
}

const DataChanged = graphql(/* GraphQL */ `subscription DataChanged { dataChanged { kind changedAt } }`);

// While a store is imported, changes come faster than anybody reads.
const rest = 2_000;

/** Asks again after records have changed, or after that may have been missed: those of the kinds, of every kind without. */
export function useDataChanged(again: () => void, kinds?: readonly DataChangeKind[]) {
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ask = useEffectEvent(again);
  useEffect(() => () => clearTimeout(soon.current), []);
  useLive(DataChanged, {
    onData: ({ dataChanged: { kind } }) => {
      if (kinds && kind !== 'ALL' && !kinds.includes(kind)) return;
      soon.current ??= setTimeout(() => {
        soon.current = undefined;
        ask();
      }, rest);
    },
    onMissed: again,
  });
}
