// What somebody is typing survives a session that ends, a reload and a wrong click: kept in this tab until it is sent or given up.
import { recallJson, remember } from './storage';

const key = (caseNo: string, action: string) => `wangge.draft.${caseNo}.${action}`;
const tab = () => sessionStorage;

export const draftOf = (caseNo: string, action: string): Record<string, any> => recallJson(key(caseNo, action), {}, tab());
export function keepDraft(caseNo: string, action: string, values: Record<string, unknown>): void {
  const kept = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''));
  remember(key(caseNo, action), Object.keys(kept).length ? JSON.stringify(kept) : '', tab());
}
export const dropDraft = (caseNo: string, action: string): void => remember(key(caseNo, action), '', tab());

// The last five reasons this person gave for a step, newest first.
const reasons = (action: string) => `wangge.reasons.${action}`;
export const lastReasons = (action: string): string[] => recallJson<string[]>(reasons(action), []);
export const keepReason = (action: string, words: string): void => remember(reasons(action), JSON.stringify([words, ...lastReasons(action).filter((one) => one !== words)].slice(0, 5)));
