import type { LogRecord } from './log-record.js';
import { byText } from './values.js';

/** A record with the number of issues between the seed and it. */
export interface Placed {
  readonly record: LogRecord;
  readonly depth: number;
}

const MAKES = /^(Create|Run|Import|Register)(User|Role|Group|Policy|InstanceProfile|Instances|Function|Bucket|KeyPair|SAML|OpenID|Trust)/;
const UNDOES = /^(Detach|Remove|Deactivate|Disassociate|Revoke|Stop)/;
const DESTROYS = /^(Delete|Terminate|Deregister)/;
/** What hangs on another thing and must go first. */
const DESTROYS_PART = /^Delete(AccessKey|LoginProfile|\w+Policy$|VirtualMFADevice|SSHPublicKey|SigningCertificate|ServiceSpecific)/;

/** Records carry whole seconds: inside one, issue comes before use, create before attach, detach before delete. */
export function byCause(a: Placed, b: Placed): number {
  return (
    a.record.at - b.record.at || a.depth - b.depth || rankOf(a.record.name) - rankOf(b.record.name) || byText(a.record.id, b.record.id)
  );
}

function rankOf(name: string): number {
  if (MAKES.test(name)) return 0;
  if (UNDOES.test(name) || DESTROYS_PART.test(name)) return 2;
  return DESTROYS.test(name) ? 3 : 1;
}

/** A queue that gives the smallest item first: a binary heap. */
export class CauseQueue<T extends Placed> {
  readonly #items: T[] = [];

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, up)) return;
      at = up;
    }
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    items[0] = last;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const smaller = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(smaller, at)) return first;
      at = smaller;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#items[one], this.#items[other]];
    return a !== undefined && b !== undefined && byCause(a, b) < 0;
  }

  #swapIfBefore(one: number, other: number): boolean {
    const [a, b] = [this.#items[one], this.#items[other]];
    if (a === undefined || b === undefined || byCause(a, b) >= 0) return false;
    this.#items[one] = b;
    this.#items[other] = a;
    return true;
  }
}
