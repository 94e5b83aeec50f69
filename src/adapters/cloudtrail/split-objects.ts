/** What a splitter hands out: the bytes of one JSON object, or of a text that is none. */
export interface SplitSink {
  readonly object: (bytes: Buffer) => void;
  /** `head` is at most `MAX_OBJECT_BYTES` of it. */
  readonly broken: (head: Buffer, size: number, reason: string) => void;
}

/** CloudTrail cuts fields at 256 KB (aws-domain 5.1); four times that is no record. */
export const MAX_OBJECT_BYTES = 1024 * 1024;
const MAX_DEPTH = 100;
const [NEWLINE, QUOTE, COMMA, COLON, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [10, 34, 44, 58, 91, 92, 93, 123, 125];
const BYTE_ORDER_MARK = new Set([0xef, 0xbb, 0xbf]);
const WRAPPER = /"(Records|Events)"\s*:\s*$/;

interface Step {
  readonly byte: number;
  readonly chunk: Buffer;
  /** Where the current object begins in the chunk. */
  readonly start: number;
  readonly at: number;
  readonly wasLineStart: boolean;
}

/**
 * Cuts a stream of bytes into the JSON objects of a log: `{"Records":[…]}`, a bare array, one object a line, or several of these
 * after each other. A broken object ends at its line, so it cannot swallow what follows. Holds one object at a time.
 */
export class ObjectSplitter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inGarbage = false;
  #wrapped = false;
  #atLineStart = true;
  #fromLineStart = false;
  #parts: Buffer[] = [];
  #kept = 0;
  #size = 0;

  constructor(private readonly sink: SplitSink) {}

  /** Takes the next bytes. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#depth > 0 && !this.#atLineStart && !this.#escaped) at = nextTelling(chunk, at, this.#inString);
      if (at >= chunk.length) break;
      const byte = chunk[at] ?? 0;
      const wasLineStart = this.#atLineStart;
      this.#atLineStart = byte === NEWLINE;
      if (this.#depth === 0 && !this.#inGarbage) {
        if (byte === OPEN) {
          start = at;
          this.#begin(wasLineStart);
        } else if (this.#isGarbage(byte)) {
          start = at;
          this.#inGarbage = true;
        }
        continue;
      }
      const now = { byte, chunk, start, at, wasLineStart };
      const ended = this.#inGarbage ? this.#stepGarbage(now) : this.#step(now);
      if (ended === 'restart') this.#begin(true);
      if (ended !== undefined) start = ended === 'object' ? at + 1 : at;
      if (ended === 'restart') start = at;
    }
    if (this.#depth > 0 || this.#inGarbage) this.#keep(chunk.subarray(start));
  }

  /** Ends the stream: what is open is broken. */
  end(): void {
    if (this.#depth > 0) this.#breakOff('ends too early');
    if (this.#inGarbage) this.#finishGarbage();
    this.#wrapped = false;
  }

  #begin(fromLineStart: boolean): void {
    this.#depth = 1;
    this.#inString = false;
    this.#escaped = false;
    this.#fromLineStart = fromLineStart;
  }

  /** One byte inside an object: tells when the object ended, broke off, or gave way to the next line's. */
  #step(now: Step): 'object' | 'broken' | 'restart' | undefined {
    const { byte, chunk, start, at } = now;
    if (this.#inString) {
      if (byte === NEWLINE) return this.#cut(now, 'a line that ends inside a text');
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return undefined;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN && now.wasLineStart && this.#fromLineStart) {
      this.#cut(now, 'a line that ends too early');
      return 'restart';
    } else if (byte === OPEN_LIST && this.#depth === 1 && this.#opensWrapper(chunk.subarray(start, at))) {
      this.#wrapped = true;
      this.#reset();
      return 'object';
    } else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) this.#depth -= 1;
    if (this.#depth > MAX_DEPTH) return this.#cut(now, 'nested too deep');
    if (this.#depth > 0) return undefined;
    this.#keep(chunk.subarray(start, at + 1));
    this.#finish();
    return 'object';
  }

  #cut({ chunk, start, at }: Step, reason: string): 'broken' {
    this.#keep(chunk.subarray(start, at));
    this.#breakOff(reason);
    return 'broken';
  }

  #finish(): void {
    if (this.#size > MAX_OBJECT_BYTES) return this.#breakOff('larger than a record can be');
    this.sink.object(Buffer.concat(this.#parts));
    this.#reset();
  }

  #breakOff(reason: string): void {
    this.sink.broken(Buffer.concat(this.#parts), this.#size, this.#size > MAX_OBJECT_BYTES ? 'larger than a record can be' : reason);
    this.#reset();
  }

  #reset(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#parts = [];
    this.#kept = 0;
    this.#size = 0;
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length;
    const room = MAX_OBJECT_BYTES - this.#kept;
    if (room <= 0 || bytes.length === 0) return;
    const part = bytes.subarray(0, room);
    this.#parts.push(part);
    this.#kept += part.length;
  }

  #opensWrapper(current: Buffer): boolean {
    const tail = current.length >= 64 ? current.subarray(-64) : Buffer.concat([...this.#parts.slice(-1), current]).subarray(-64);
    return WRAPPER.test(tail.toString('latin1'));
  }

  /** Between objects only separators belong; behind a wrapped list also the wrapper's other members. */
  #isGarbage(byte: number): boolean {
    if (byte <= 32 || byte === COMMA || byte === COLON || byte === OPEN_LIST || byte === CLOSE_LIST || byte === CLOSE) return false;
    return !BYTE_ORDER_MARK.has(byte);
  }

  #stepGarbage({ byte, chunk, start, at }: Step): 'object' | undefined {
    if (byte !== NEWLINE) return undefined;
    this.#keep(chunk.subarray(start, at));
    this.#finishGarbage();
    return 'object';
  }

  /** `"NextToken":"…"}` behind the list belongs to the wrapper. */
  #finishGarbage(): void {
    const isTail = this.#wrapped && this.#parts[0]?.[0] === QUOTE;
    this.#inGarbage = false;
    if (isTail) this.#reset();
    else this.#breakOff('no JSON object');
  }
}

/** Skips the bytes that change nothing: nearly all of them. */
function nextTelling(chunk: Buffer, from: number, inString: boolean): number {
  let at = from;
  if (inString) {
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === QUOTE || byte === BACKSLASH || byte === NEWLINE) return at;
    }
    return at;
  }
  for (; at < chunk.length; at += 1) {
    const byte = chunk[at] ?? 0;
    if (byte === QUOTE || byte === NEWLINE || (byte > 90 && (byte === OPEN || byte === CLOSE || byte === OPEN_LIST || byte === CLOSE_LIST)))
      return at;
  }
  return at;
}
