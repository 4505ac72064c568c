// The focus went out of a menu: what is open closes.
export const leaves = (event: FocusEvent): boolean => !(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null);
