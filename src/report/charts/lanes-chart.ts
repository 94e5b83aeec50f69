import { durationText } from '../durations.js';
import type { Bin, Lane, LanesModel, Mark } from './lanes-model.js';
import { CHART_WIDTH, type Picture } from './render-svg.js';
import { box, circle, cross, INK, label, line, type Point, series, type Shape } from './shapes.js';
import { timeAxis } from './time-axis.js';

const BAND = 96;
const GRID = { left: 176, right: 14, bottom: 26 } as const;
const LANE_INK = { attacker: INK.bad, responder: INK.work, holder: INK.muted } as const;
/** Above this many calls in one place single marks would touch the next lane: bars instead. */
const MAX_MARKS = 5;
const MARK_STEP = 8;
const MARK_ROW = 15;
/** Lines nearer than this look like one. */
const CLUSTER = 10;
/** Width of a bold letter at 11 px, rather too much: nothing is measured here. */
const LETTER = 7.2;

type ToPixel = (x: number, y: number) => Point;

/** Who called when: a lane each, successes above the line and filled, refusals below it and crossed or hollow. */
export function lanesPicture(model: LanesModel): Picture {
  const { lanes, span, marks } = model;
  const toX = (ms: number): number => GRID.left + ((ms - span.from) / (span.to - span.from)) * (CHART_WIDTH - GRID.left - GRID.right);
  const levels = levelsOf(clustersOf(marks, toX), toX);
  const top = 6 + MARK_ROW * (Math.max(0, ...levels.map(({ level }) => level)) + 1);
  const height = top + lanes.length * BAND + GRID.bottom;
  return {
    height,
    label: `Timeline: ${lanes.map(({ name, total, refused }) => `${name} ${total} calls, ${refused} refused`).join('; ')}`,
    option: {
      grid: { ...GRID, top },
      xAxis: timeAxis(span),
      yAxis: { type: 'value', min: 0, max: lanes.length, inverse: true, show: false },
      series: [
        series(levels.length, (index, toPixel) => markLine(levels[index], toPixel, height - GRID.bottom)),
        series(levels.length, (index) => markLabel(levels[index])),
        series(lanes.length, (index, toPixel) => drawLane(model, index, toPixel)),
      ],
    },
  };
}

interface Levelled extends Mark {
  readonly level: number;
  readonly x: number;
}

/** Moments too near each other to be told apart get one label together. */
function clustersOf(marks: readonly Mark[], toX: (ms: number) => number): Mark[] {
  const groups: Mark[][] = [];
  for (const mark of marks) {
    const [first] = groups.at(-1) ?? [];
    if (first !== undefined && toX(mark.atMs) - toX(first.atMs) < CLUSTER) groups.at(-1)?.push(mark);
    else groups.push([mark]);
  }
  return groups.flatMap(([first, ...rest]) => {
    const last = rest.at(-1);
    if (first === undefined) return [];
    return [last === undefined ? first : { atMs: first.atMs, text: `${first.text} ${rest.length > 1 ? '…' : 'and'} ${last.text}` }];
  });
}

/** Puts each label into the first row above the lanes in which it touches no other. */
function levelsOf(marks: readonly Mark[], toX: (ms: number) => number): Levelled[] {
  const ends: number[] = [];
  return marks.map((mark) => {
    const width = mark.text.length * LETTER + 10;
    const line = toX(mark.atMs);
    // At the right edge the label stands left of its line.
    const x = line + width > CHART_WIDTH ? line - width - 3 : line;
    const found = ends.findIndex((end) => end <= x);
    const level = found === -1 ? ends.length : found;
    ends[level] = x + width;
    return { ...mark, level, x };
  });
}

function markLine(mark: Levelled | undefined, toPixel: ToPixel, bottom: number): Shape[] {
  if (mark === undefined) return [];
  const x = toPixel(mark.atMs, 0)[0];
  const points: Point[] = [
    [x, labelMiddle(mark) - 6],
    [x, bottom],
  ];
  return [line(points, { stroke: INK.text, dash: [4, 3] })];
}

/** On paper of its own, so that the lines of other marks pass behind it. */
function markLabel(mark: Levelled | undefined): Shape[] {
  if (mark === undefined) return [];
  const y = labelMiddle(mark);
  return [
    box({ x: mark.x + 2, y: y - 7, width: mark.text.length * LETTER + 2, height: 14 }, { fill: INK.paper }),
    label(mark.text, [mark.x + 4, y], { size: 11, bold: true }),
  ];
}

function labelMiddle({ level }: Levelled): number {
  return 8 + level * MARK_ROW;
}

function drawLane({ lanes, span, binMs }: LanesModel, index: number, toPixel: ToPixel): Shape[] {
  const lane = lanes[index];
  if (lane === undefined) return [];
  const middle = toPixel(span.from, index + 0.5)[1];
  const isSparse = lane.peak <= MAX_MARKS;
  const told = isSparse ? '' : `tallest: ${lane.peak} in ${durationText(binMs / 1000)}`;
  return [
    line(
      [
        [0, middle + BAND / 2],
        [CHART_WIDTH, middle + BAND / 2],
      ],
      { stroke: INK.faint },
    ),
    line(
      [
        [GRID.left, middle],
        [CHART_WIDTH - GRID.right, middle],
      ],
      { stroke: INK.line },
    ),
    label(lane.name, [0, middle - 16], { bold: true, color: LANE_INK[lane.name] }),
    label(`${lane.total - lane.refused} done, ${lane.refused} refused`, [0, middle], { size: 11 }),
    label(told, [0, middle + 15], { size: 11, color: INK.muted }),
    ...lane.bins.flatMap((bin) => (isSparse ? singles : bars)(lane, bin, [toPixel(bin.atMs, index)[0], middle])),
  ];
}

function singles({ name }: Lane, { ok, refused }: Bin, [x, y]: Point): Shape[] {
  const color = LANE_INK[name];
  const step = (count: number): number[] => Array.from({ length: count }, (_, at) => 6 + at * MARK_STEP);
  return [
    ...step(ok).map((up) => circle([x, y - up], 3.4, { fill: color })),
    ...step(refused).map((down) => cross([x, y + down], 3, { stroke: color, lineWidth: 1.8 })),
  ];
}

function bars({ name, peak }: Lane, { ok, refused }: Bin, [x, y]: Point): Shape[] {
  const color = LANE_INK[name];
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / peak) * (BAND / 2 - 6)));
  const left = x - 3;
  return [
    ...(ok > 0 ? [box({ x: left, y: y - tall(ok), width: 6, height: tall(ok) }, { fill: color })] : []),
    ...(refused > 0 ? [box({ x: left, y, width: 6, height: tall(refused) }, { fill: INK.paper, stroke: color, lineWidth: 1.2 })] : []),
  ];
}
