import type { VirtualClock } from '../../range/index.js';

/** An object whose calls hold the virtual clock still until they are answered: work of this machine takes no virtual time. */
export function occupied<T extends object>(clock: VirtualClock, target: T): T {
  return new Proxy(target, {
    get(object, name, receiver): unknown {
      const member: unknown = Reflect.get(object, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, object, args);
        if (!(result instanceof Promise)) return result;
        const release = clock.occupy();
        return result.finally(release);
      };
    },
  });
}
