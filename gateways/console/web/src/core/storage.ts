// What a browser remembers for us, where it lets us: private windows and strict settings throw.

export function recall(key: string, store?: Storage): string {
  try {
    return (store ?? localStorage).getItem(key) ?? '';
  } catch {
    return '';
  }
}

// An empty value forgets.
export function remember(key: string, value: string, store?: Storage): void {
  try {
    if (value) (store ?? localStorage).setItem(key, value);
    else (store ?? localStorage).removeItem(key);
  } catch {
    /* not remembered, still used */
  }
}

export function recallJson<T>(key: string, otherwise: T, store?: Storage): T {
  try {
    return (JSON.parse(recall(key, store)) as T) ?? otherwise;
  } catch {
    return otherwise;
  }
}
