type Labels = Readonly<Record<string, string>>;

export interface Counter {
  readonly add: (labels: Labels, by?: number) => void;
}

export interface Histogram {
  readonly observe: (labels: Labels, value: number) => void;
}

/** Metrics of this process in the text format of Prometheus, version 0.0.4. */
export interface Metrics {
  readonly counter: (name: string, help: string) => Counter;
  /** `buckets` are upper bounds, rising. */
  readonly histogram: (name: string, help: string, buckets: readonly number[]) => Histogram;
  readonly text: () => string;
}

/** An empty registry. Labels must come from closed sets: each combination is kept for ever. */
export function createMetrics(): Metrics {
  const families: (() => string[])[] = [];
  return {
    counter(name, help) {
      const values = new Map<string, number>();
      families.push(() => [...head(name, help, 'counter'), ...[...values].map(([labels, value]) => `${name}${braced(labels)} ${value}`)]);
      return { add: (labels, by = 1) => void values.set(joined(labels), (values.get(joined(labels)) ?? 0) + by) };
    },
    histogram(name, help, buckets) {
      const series = new Map<string, { counts: number[]; sum: number; count: number }>();
      families.push(() => [
        ...head(name, help, 'histogram'),
        ...[...series].flatMap(([labels, one]) => seriesLines({ name, labels, buckets }, one)),
      ]);
      return {
        observe(labels, value) {
          const one = series.get(joined(labels)) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 };
          series.set(joined(labels), {
            counts: one.counts.map((count, index) => count + (value <= (buckets[index] ?? Infinity) ? 1 : 0)),
            sum: one.sum + value,
            count: one.count + 1,
          });
        },
      };
    },
    text: () => `${families.flatMap((family) => family()).join('\n')}\n`,
  };
}

function seriesLines(
  { name, labels, buckets }: { name: string; labels: string; buckets: readonly number[] },
  { counts, sum, count }: { counts: readonly number[]; sum: number; count: number },
): string[] {
  const within = (le: string): string => braced([labels, `le="${le}"`].filter((part) => part !== '').join(','));
  return [
    ...buckets.map((bound, index) => `${name}_bucket${within(String(bound))} ${counts[index] ?? 0}`),
    `${name}_bucket${within('+Inf')} ${count}`,
    `${name}_sum${braced(labels)} ${sum}`,
    `${name}_count${braced(labels)} ${count}`,
  ];
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function joined(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`)
    .join(',');
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}
