import type { ClockRow, ClocksModel } from './clocks-model.js';
import { CHART_WIDTH, type Picture } from './render-svg.js';
import { area, box, hatched, INK, label, line, type Point, series, type Shape } from './shapes.js';
import { timeAxis } from './time-axis.js';

const ROW = 32;
const GRID = { left: 236, right: 216, top: 8, bottom: 26 } as const;
const STATUS_AT = CHART_WIDTH - GRID.right + 20;
/** A step of a second must still be seen. */
const MIN_BAR = 3;

type ToX = (ms: number) => number;

/** Steps as bars over time: waiting, worked on, past due; due times as marks; owner at the left, outcome at the right. */
export function clocksPicture(model: ClocksModel): Picture {
  const { rows, span } = model;
  const height = GRID.top + GRID.bottom + rows.length * ROW;
  return {
    height,
    label: `Step clocks: ${rows.map(({ title, status }) => `${title}: ${status}`).join('; ')}`,
    option: {
      grid: { ...GRID },
      xAxis: timeAxis(span),
      yAxis: { type: 'value', min: 0, max: rows.length, inverse: true, show: false },
      series: [series(rows.length, (index, toPixel) => drawRow(model, index, toPixel))],
    },
  };
}

function drawRow(model: ClocksModel, index: number, toPixel: (x: number, y: number) => Point): Shape[] {
  const row = model.rows[index];
  if (row === undefined) return [];
  const toX: ToX = (ms) => toPixel(ms, index)[0];
  const y = toPixel(model.span.from, index + 0.5)[1];
  return [
    line(
      [
        [0, y + ROW / 2],
        [CHART_WIDTH, y + ROW / 2],
      ],
      { stroke: INK.faint },
    ),
    label(row.title, [0, y - 7], { bold: true }),
    label(row.owner, [0, y + 8], { size: 11, color: INK.muted }),
    ...waiting(model, row, { toX, y }),
    ...bar(row, { toX, y }),
    ...due(model, row, { toX, y }),
    label(row.status, [STATUS_AT, row.remark === '' ? y : y - 7], { bold: row.isBreached, color: row.isBreached ? INK.bad : INK.text }),
    label(row.remark, [STATUS_AT, y + 8], { size: 11, color: INK.muted }),
  ];
}

/** From detection until it began, or until now. */
function waiting({ originMs }: ClocksModel, { startedMs, untilMs }: ClockRow, { toX, y }: { toX: ToX; y: number }): Shape[] {
  const until = startedMs ?? untilMs;
  if (until <= originMs) return [];
  const points: Point[] = [
    [toX(originMs), y],
    [toX(until), y],
  ];
  return [line(points, { stroke: INK.line, dash: [2, 3] })];
}

function bar({ startedMs, untilMs, dueMs, isEnded, isBreached }: ClockRow, { toX, y }: { toX: ToX; y: number }): Shape[] {
  const [height, top] = [12, y - 6];
  const late = isBreached && dueMs !== undefined && untilMs > dueMs;
  const from = startedMs ?? (late ? dueMs : undefined);
  if (from === undefined) return [];
  const turn = late ? Math.max(dueMs, from) : untilMs;
  const worked = { x: toX(from), y: top, width: Math.max(toX(turn) - toX(from), MIN_BAR), height };
  const over = { x: toX(turn), y: top, width: Math.max(toX(untilMs) - toX(turn), MIN_BAR), height };
  const ink = isEnded ? { fill: INK.work, stroke: INK.work } : { fill: '#d6e3f0', stroke: INK.work };
  return [...(turn > from || !late ? [box(worked, ink, 2)] : []), ...(late ? [hatched(over, INK.bad)] : [])];
}

/** ▼ and a stroke at the due time; an arrow where it lies beyond the picture. */
function due({ span }: ClocksModel, { dueMs }: ClockRow, { toX, y }: { toX: ToX; y: number }): Shape[] {
  if (dueMs === undefined) return [];
  if (dueMs > span.to) {
    const x = CHART_WIDTH - GRID.right + 4;
    return [
      area(
        [
          [x, y - 5],
          [x + 9, y],
          [x, y + 5],
        ],
        { fill: INK.muted },
      ),
    ];
  }
  const x = toX(dueMs);
  return [
    line(
      [
        [x, y - 12],
        [x, y + 12],
      ],
      { stroke: INK.text, lineWidth: 1.5 },
    ),
    area(
      [
        [x - 5, y - 15],
        [x + 5, y - 15],
        [x, y - 8],
      ],
      { fill: INK.text },
    ),
  ];
}
