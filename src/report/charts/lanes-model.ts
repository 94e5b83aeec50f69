import type { IncidentRecord, MomentName } from '../../contracts/record.js';
import type { TimelineEntry, TimelineLane } from '../../contracts/timeline.js';
import { MOMENT_TITLES } from '../titles.js';
import { padded, type Span, spanOf } from './time-axis.js';

/** Calls of one lane in one stretch of time. */
export interface Bin {
  readonly atMs: number;
  readonly ok: number;
  readonly refused: number;
}

export interface Lane {
  readonly name: TimelineLane;
  readonly total: number;
  readonly refused: number;
  readonly bins: readonly Bin[];
  /** Most calls of one kind in one bin. */
  readonly peak: number;
}

export interface Mark {
  readonly text: string;
  readonly atMs: number;
}

export interface LanesModel {
  readonly lanes: readonly Lane[];
  /** What the picture spans, with room at both ends. */
  readonly span: Span;
  /** Without that room: what a caption may claim. */
  readonly told: Span;
  readonly binMs: number;
  readonly marks: readonly Mark[];
}

const LANES: readonly TimelineLane[] = ['attacker', 'responder', 'holder'];
/** As many stretches as marks fit side by side. */
const BINS = 100;
/** A closer look is worth it when the heart of the matter fills less than this share of the whole. */
const CLOSE_SHARE = 0.2;
const MARKED: readonly MomentName[] = ['firstMalicious', 'detected', 'applied', 'effectiveFrom', 'proven', 'recovered'];

interface Timed {
  readonly lane: TimelineLane;
  readonly isOk: boolean;
  readonly ms: number;
}

/** The whole timeline, and a closer look where most of it happens in a small part of the time. Any number of events. */
export function lanesModels(record: IncidentRecord, entries: readonly TimelineEntry[]): LanesModel[] {
  const events = entries.map(({ lane, outcome, at }) => ({ lane, isOk: outcome === 'ok', ms: Date.parse(at) }));
  const marks = record.moments
    .filter(({ name }) => MARKED.includes(name))
    .map(({ name, at }) => ({ text: MOMENT_TITLES[name], atMs: Date.parse(at) }));
  const whole = spanOf(events.map(({ ms }) => ms));
  if (whole === undefined) return [];
  // Far later moments (recovery after a day) must not squeeze the events; they are in the table of moments.
  const seen = marks.filter(({ atMs }) => atMs <= whole.to + (whole.to - whole.from) && atMs >= whole.from - (whole.to - whole.from));
  const span = spanOf([whole.from, whole.to, ...seen.map(({ atMs }) => atMs)]) ?? whole;
  const close = heartOf(events, marks);
  const isWorthIt = close !== undefined && close.to - close.from < (span.to - span.from) * CLOSE_SHARE;
  return [span, ...(isWorthIt ? [close] : [])].map((one) => modelOf(events, marks, one));
}

/** From the bulk of the attacker's calls to the proof that they stopped. */
function heartOf(events: readonly Timed[], marks: readonly Mark[]): Span | undefined {
  const times = events
    .filter(({ lane }) => lane === 'attacker')
    .map(({ ms }) => ms)
    .toSorted((a, b) => a - b);
  const at = (share: number): number[] => times.slice(Math.floor((times.length - 1) * share)).slice(0, 1);
  const stops = marks.filter(({ text }) => [MOMENT_TITLES.detected, MOMENT_TITLES.effectiveFrom, MOMENT_TITLES.proven].includes(text));
  return times.length === 0 ? undefined : spanOf([...at(0.05), ...at(0.95), ...stops.map(({ atMs }) => atMs)]);
}

function modelOf(events: readonly Timed[], marks: readonly Mark[], told: Span): LanesModel {
  const span = padded(told);
  const binMs = (span.to - span.from) / BINS;
  const inside = ({ ms }: { ms: number }): boolean => ms >= span.from && ms <= span.to;
  const shown = events.filter(inside);
  return {
    span,
    told,
    binMs,
    marks: marks.filter(({ atMs }) => inside({ ms: atMs })).toSorted((a, b) => a.atMs - b.atMs),
    lanes: LANES.map((name) =>
      laneOf(
        name,
        shown.filter(({ lane }) => lane === name),
        { span, binMs },
      ),
    ),
  };
}

function laneOf(name: TimelineLane, events: readonly Timed[], { span, binMs }: { span: Span; binMs: number }): Lane {
  const bins = new Map<number, { ok: number; refused: number }>();
  for (const { ms, isOk } of events) {
    const index = Math.min(Math.floor((ms - span.from) / binMs), BINS - 1);
    const bin = bins.get(index) ?? { ok: 0, refused: 0 };
    if (isOk) bin.ok += 1;
    else bin.refused += 1;
    bins.set(index, bin);
  }
  return {
    name,
    total: events.length,
    refused: events.filter(({ isOk }) => !isOk).length,
    bins: [...bins.entries()].map(([index, bin]) => ({ atMs: span.from + (index + 0.5) * binMs, ...bin })),
    peak: Math.max(0, ...[...bins.values()].flatMap(({ ok, refused }) => [ok, refused])),
  };
}
