/** What is there until it is known who this is. index.html shows the same before any script has run. */
export function Starting() {
  return (
    <main className="starting">
      <svg viewBox="0 0 36 36" role="img" aria-label="Loading">
        <circle cx="18" cy="18" r="15.5" pathLength="4" />
      </svg>
    </main>
  );
}
