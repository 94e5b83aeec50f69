import type { LineageModel, LineageRow } from './lineage-model.js';
import { CHART_WIDTH, type Picture } from './render-svg.js';
import { box, circle, cross, INK, label, line, type Point, series, type Shape } from './shapes.js';

const ROW = 38;
const BOX = 31;
const INDENT = 26;
/** Where boxes end and what proves each edge begins. */
const PROOF_AT = 640;
const EDGES = {
  exact: { stroke: INK.text, lineWidth: 2 },
  strong: { stroke: INK.text, lineWidth: 1.5, dash: [7, 4] },
  weak: { stroke: INK.text, lineWidth: 1.5, dash: [2, 3] },
  seed: { stroke: INK.text },
} as const;

/** The tree of credentials and principals: what came from what, which event proves it, what is alive. */
export function lineagePicture(model: LineageModel): Picture {
  const height = model.rows.length * ROW + 4;
  return {
    height,
    label: `Lineage: ${model.rows.map(({ title, detail, life }) => `${title}, ${detail}, ${life}`).join('; ')}`,
    option: {
      grid: { left: 0, right: 0, top: 0, bottom: 0 },
      xAxis: { type: 'value', min: 0, max: CHART_WIDTH, show: false },
      yAxis: { type: 'value', min: 0, max: height, inverse: true, show: false },
      series: [series(model.rows.length, (index) => drawRow(model.rows, index))],
    },
  };
}

function drawRow(rows: readonly LineageRow[], index: number): Shape[] {
  const row = rows[index];
  if (row === undefined) return [];
  const x = leftOf(row);
  const y = middleOf(index);
  const isAlive = row.life === 'ALIVE';
  const frame = { x, y: y - BOX / 2, width: PROOF_AT - 20 - x, height: BOX };
  const ink = { fill: isAlive ? '#fdf0ef' : INK.paper, stroke: isAlive ? INK.bad : INK.line, lineWidth: isAlive ? 2 : 1 };
  return [
    ...edge(rows, index),
    box(frame, ink, row.what === 'credential' ? 12 : 0),
    ...state(row, [x + 16, y]),
    label(row.title, [x + 30, y - 6], { bold: true }),
    label(row.detail, [x + 30, y + 8], { size: 11, color: INK.muted }),
    label(row.life, [PROOF_AT - 30, y], { size: 11, bold: isAlive, align: 'right', color: isAlive ? INK.bad : INK.muted }),
    label(row.strength === 'seed' ? row.proof : `${row.strength}: ${row.proof}`, [PROOF_AT, y], { size: 11 }),
  ];
}

/** Down from the parent, then right to the child. */
function edge(rows: readonly LineageRow[], index: number): Shape[] {
  const row = rows[index];
  const parent = row?.parent === undefined ? undefined : rows[row.parent];
  if (row?.parent === undefined || parent === undefined) return [];
  const x = leftOf(parent) + 12;
  const points: Point[] = [
    [x, middleOf(row.parent) + BOX / 2],
    [x, middleOf(index)],
    [leftOf(row), middleOf(index)],
  ];
  return [line(points, EDGES[row.strength])];
}

/** ● alive, ⊗ contained, dead or removed, □ no credential. */
function state({ what, life }: LineageRow, [x, y]: Point): Shape[] {
  if (what !== 'credential') return [box({ x: x - 5, y: y - 5, width: 10, height: 10 }, { stroke: INK.text, lineWidth: 1.5 })];
  if (life === 'ALIVE') return [circle([x, y], 6, { fill: INK.bad })];
  return [circle([x, y], 6, { stroke: INK.muted, lineWidth: 1.5 }), cross([x, y], 3.5, { stroke: INK.muted, lineWidth: 1.5 })];
}

function leftOf({ depth }: LineageRow): number {
  return 2 + depth * INDENT;
}

function middleOf(index: number): number {
  return index * ROW + ROW / 2;
}
