import type { ObservedCall } from '../../contracts/alert.js';
import type { DetectionRule, DetectionRules } from '../../contracts/detection.js';

/** Rules a call meets, those that open by themselves first, then the highest score. */
export function matchRules(call: ObservedCall, { rules }: Pick<DetectionRules, 'rules'>): DetectionRule[] {
  return rules
    .filter((rule) => matches(rule, call))
    .toSorted((a, b) => Number(b.act === 'open') - Number(a.act === 'open') || b.score - a.score);
}

function matches(rule: DetectionRule, call: ObservedCall): boolean {
  const isEvent = (pattern: string): boolean => fits(pattern, `${call.service}:${call.eventName}`);
  if (rule.events !== undefined && !rule.events.some(isEvent)) return false;
  if (rule.except?.some(isEvent) === true) return false;
  if (rule.callers !== undefined && !rule.callers.some((caller) => caller === call.caller)) return false;
  if (rule.result !== 'any' && (rule.result === 'refused') !== call.refused) return false;
  const { assumes } = call;
  return rule.assumes === undefined || (assumes !== undefined && rule.assumes.some((glob) => globFits(glob, assumes)));
}

/** Event patterns have their `*` at the end only (`DetectionRule`). */
function fits(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : event === pattern;
}

/** `*` is anything. Segment by segment, without backtracking: globs come from people, ARNs from strangers. */
function globFits(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.toLowerCase().split('*');
  const lower = text.toLowerCase();
  if (rest.length === 0) return lower === first;
  if (!lower.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const at = lower.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return lower.length - last.length >= from && lower.endsWith(last);
}
