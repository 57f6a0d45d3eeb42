/** A small line without axes. What it shows stands as numbers elsewhere, so that it is hidden from screen readers. */
export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return <svg width="100%" height="40" aria-hidden="true" />;
  const low = Math.min(...values, 0);
  const high = Math.max(...values);
  const span = high - low || 1;
  const points = values.map((v, i) => `${(i / (values.length - 1)) * 100},${37 - ((v - low) / span) * 34}`).join(' ');
  return (
    <svg width="100%" height="40" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={points}
        fill="none"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
    </svg>
  );
}
