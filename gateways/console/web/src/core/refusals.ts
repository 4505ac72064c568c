// What went wrong, for people: the title in their language first, then the detail, then field by field.
import { type Fault, Problem } from './api';
import { FAULTS } from './code_words';
import { known, t, word } from './i18n';

export const fieldOf = (fault: Fault): string => String(fault.field || '').split('/')[1] || '';

export function faultText(fault: Fault): string {
  const name = fieldOf(fault);
  const what = known(`f_${name}`) ? t(`f_${name}`) : known(name) ? t(name) : name;
  const why = word(FAULTS, fault.code) === fault.code ? t('unknown_fault') : word(FAULTS, fault.code);
  return what ? t('field_fault', { what, why }) : why;
}

export function problemText(error: unknown): string {
  if (!(error instanceof Problem) || error.status === 0) return t('offline');
  const body = error.body;
  const fixed = { 403: t('not_yours'), 404: t('not_found') }[error.status];
  const inWords = word(FAULTS, body.code) !== body.code ? word(FAULTS, body.code) : fixed || '';
  const title = body.title && body.title !== body.code ? body.title : inWords;
  const detail = body.detail && body.detail !== title ? body.detail : '';
  const fields = error.errors.map(faultText);
  return [[title, detail].filter(Boolean).join(t('colon')) || error.code || `HTTP ${error.status}`, ...fields].join(t('stop'));
}
