import { Paper, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { labelled, path, type Place, ticks } from './chart';
import type { Row } from './OverTime';

interface Props {
  rows: Row[];
  name: string;
  compared: boolean;
  tick: (value: number) => string;
}

// Between the frame and the plot, and how wide a character of a label is at most.
const [top, bottom, left, character] = [10, 290, 64, 7.5];

type Side = 'current' | 'previous';

/** Lines over time. What a point says is shown under the pointer, and to who goes from point to point with the arrow keys. */
export function TimeChart({ rows, name, compared, tick }: Props) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number>();
  const [only, setOnly] = useState<Side>();
  const sides: Side[] = compared ? ['previous', 'current'] : ['current'];
  const values = sides.flatMap((side) => rows.map((r) => r[side])).filter((v) => v !== null);
  // Nothing was ordered half a time: where every number is whole, so are those at the axis.
  const marks = ticks(values, values.every(Number.isInteger));
  const [low, high] = [marks[0] as number, marks.at(-1) as number];

  const last = rows.length - 1;
  const right = Math.max(width, left + 1);
  const distance = (right - left) / Math.max(last, 1);
  const x = (i: number) => (last > 0 ? left + i * distance : (left + right) / 2);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const places = (side: Side): Place[] => rows.map(({ [side]: v }, i) => (v === null ? null : [x(i), y(v)]));
  // The last label ends where the plot does: the one before it has to leave it half as much again.
  const room = Math.max(0, ...rows.map((r) => r.label.length)) * character * 1.5 + 12;
  const row = at === undefined ? undefined : rows[at];

  const point = (e: PointerEvent) => {
    const from = e.currentTarget.getBoundingClientRect().left + left;
    setAt(Math.max(0, Math.min(last, Math.round((e.clientX - from) / distance))));
  };
  const step = (e: KeyboardEvent) => {
    const now = at ?? 0;
    const next = { ArrowLeft: now - 1, ArrowRight: at === undefined ? 0 : now + 1, Home: 0, End: last }[e.key];
    if (next !== undefined) setAt(Math.max(0, Math.min(last, next)));
    else if (e.key === 'Escape') setAt(undefined);
    else return;
    e.preventDefault();
  };
  return (
    <div className="chart">
      {compared && (
        <div className="chart-legend" aria-hidden="true">
          {[...sides].reverse().map((side) => (
            <span key={side} onPointerEnter={() => setOnly(side)} onPointerLeave={() => setOnly(undefined)}>
              <svg width="18" height="12">
                <path className="chart-line" data-side={side} d="M0 6H18" />
              </svg>
              {side === 'current' ? name : 'Compared period'}
            </span>
          ))}
        </div>
      )}
      <div
        ref={ref}
        className="chart-plot"
        role="application"
        tabIndex={0}
        aria-label={`${name} over time; the same numbers are in the table`}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setAt(undefined)}
        onFocus={(e) => e.currentTarget.matches(':focus-visible') && setAt(0)}
        onBlur={() => setAt(undefined)}
        onKeyDown={step}
      >
        {width > 0 && (
          <svg width={width} height="320" aria-hidden="true">
            {marks.map((v) => (
              <g key={v}>
                <line className="chart-grid" x1={left} x2={right} y1={y(v)} y2={y(v)} />
                <text x={left - 8} y={y(v)} dy="0.35em" textAnchor="end">
                  {tick(v)}
                </text>
              </g>
            ))}
            {labelled(rows.length, distance, room).map((i) => (
              <text key={i} x={x(i)} y={bottom + 22} textAnchor={i === last && last > 0 ? 'end' : 'middle'}>
                {rows[i]?.label}
              </text>
            ))}
            {row && <line className="chart-grid" x1={x(at as number)} x2={x(at as number)} y1={top} y2={bottom} />}
            {sides.map((side) => (
              <g key={side} opacity={only && only !== side ? 0.2 : 1}>
                <path className="chart-line" data-side={side} d={path(places(side))} />
                {places(side).map((p, i) => p && (rows.length < 3 || i === at) && <circle key={i} className="chart-dot" data-side={side} cx={p[0]} cy={p[1]} r="4" />)}
              </g>
            ))}
          </svg>
        )}
        <div role="status" className="chart-tip" style={x(at ?? 0) > right / 2 ? { right: right - x(at ?? 0) + 12 } : { left: x(at ?? 0) + 12 }}>
          {row && <Tip row={row} compared={compared} />}
        </div>
      </div>
    </div>
  );
}

function Tip({ row, compared }: { row: Row; compared: boolean }) {
  return (
    <Paper withBorder shadow="md" p="xs">
      <Text size="sm" fw={600}>
        {row.label}: {row.currentText}
        {row.partial && ' so far'}
      </Text>
      {compared && row.previousLabel && (
        <Text size="sm" c="dimmed">
          {row.previousLabel}: {row.previousText}
        </Text>
      )}
    </Paper>
  );
}
