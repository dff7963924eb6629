/** A map that forgets what was not asked for longest, as soon as the weights of its values sum up to more than `largest`. */
export class LeastRecent<V> {
  readonly #largest: number;
  readonly #weightOf: (value: V) => number;
  readonly #values = new Map<string, V>();
  #sum = 0;

  /** Each value weighs 1 unless told. */
  constructor(largest: number, weightOf: (value: V) => number = () => 1) {
    this.#largest = largest;
    this.#weightOf = weightOf;
  }

  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#forget(key);
    this.#values.set(key, value);
    this.#sum += this.#weightOf(value);
    for (const oldest of this.#values.keys()) {
      if (this.#sum <= this.#largest || oldest === key) return;
      this.#forget(oldest);
    }
  }

  get size(): number {
    return this.#values.size;
  }

  #forget(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#sum -= this.#weightOf(value);
  }
}
