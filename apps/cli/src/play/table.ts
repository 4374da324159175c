// Formats a timeline as a table: one line per segment, aligned columns, the terms of the API.

export type TimelineSegment = {
  readonly from: string | null;
  readonly to: string | null;
  readonly status: string;
  readonly intensity: number;
  readonly coverage: number;
};

const HEADER = ['from (UTC)', 'to (UTC)', 'status', 'points', 'coverage'];

export function timelineTable(segments: readonly TimelineSegment[]): string {
  const rows = segments.map(({ from, to, status, intensity, coverage }) => [
    from ?? '-',
    to ?? '-',
    status,
    String(intensity),
    `${String(Math.round(coverage * 100))} %`,
  ]);
  const widths = HEADER.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(HEADER), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
