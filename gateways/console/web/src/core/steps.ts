// What the server offers for a case, in the order a person wants it, and what a form has to ask. The server stays the judge.
import { casePath, getAll } from './api';
import { ACTIONS, FORWARD, STATES } from './code_steps';
import { t, word } from './i18n';
import { when } from './times';
import type { Action, Case, Field, HistoryRow } from './types';

const OURS = ['command_id', 'version', 'at']; // filled in by the sender, never asked for

export function fieldsOf(action: Action): Field[] {
  const fields: Field[] = Array.isArray(action.fields) ? action.fields : Object.entries(action.fields || {}).map(([name, f]) => ({ name, ...f }));
  return fields.filter((f) => !OURS.includes(f.name));
}

export const choicesOf = (field: Field): string[] => (Array.isArray(field.choices) ? field.choices : String(field.choices || '').split('|').filter(Boolean));
export const actionTitle = (action: Action): string => action.title || word(ACTIONS, action.name);
export const isForward = (action: Action): boolean => FORWARD.includes(action.name);

// On first, then the others as the server names them, remarks last.
export function inOrder(actions: Action[]): Action[] {
  const on = FORWARD.filter((name) => actions.some((a) => a.name === name));
  const rank = (action: Action) => (on.includes(action.name) ? on.indexOf(action.name) : action.name === 'note' ? on.length + 2 : on.length + 1);
  return actions
    .map((action, index) => ({ action, index }))
    .sort((a, b) => rank(a.action) - rank(b.action) || a.index - b.index)
    .map((x) => x.action);
}

// "result=unable": is the other field's value what makes this one needed?
export function isNeeded(field: Field, values: Record<string, unknown>): boolean {
  if (field.required) return true;
  const [other, value] = String(field.required_when || '').split('=');
  return Boolean(value) && String(values[other] ?? '') === value;
}

export const doneText = (action: Action, after?: Case): string => `${t('sent', { what: actionTitle(action) })}${after?.state ? ` → ${word(STATES, after.state)}` : ''}`;

// Who was faster, told from the case's newest history row.
export async function whoWasFaster(caseNo: string): Promise<string> {
  try {
    const history = await getAll<HistoryRow>(`${casePath(caseNo)}/history`);
    const last = history.filter((row) => !row.transport).at(-1)!;
    return t('stale', { who: last.role === 'system' ? t('by_system') : last.actor, when: when(last.at), what: word(ACTIONS, last.action) });
  } catch {
    return t('stale_plain');
  }
}

// A step that can be taken back, and by which: until somebody else has gone on, the server offers it.
export const REVERSE: Record<string, string> = { dispatch: 'recall', merge: 'unmerge' };
