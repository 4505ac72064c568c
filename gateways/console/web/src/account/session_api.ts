// The calls of signing in and of one's own account.
import { del, get, post } from '../core/api';
import type { Me } from '../core/types';

export interface Ways {
  oidc: { title: string; start: string } | null;
}
export interface SessionItem {
  session_id: string;
  role: string;
  how: string;
  address: string | null;
  agent: string | null;
  opened_at: string;
  seen_at: string;
  ended_at: string | null;
  present: boolean;
}

export const ways = (): Promise<Ways> => get<Ways>('session').catch(() => ({ oidc: null }));
export const signIn = (body: Record<string, string>): Promise<Me> => post('session', body);
export const changePassword = (password: string, fresh: string): Promise<null> => post('me/password', { password, new_password: fresh });
export const offerTotp = (password: string): Promise<{ key: string; uri: string }> => post('me/totp', { password });
export const confirmTotp = (code: string): Promise<{ recovery_codes: string[] }> => post('me/totp/confirm', { code });
export const removeTotp = (password: string, code: string): Promise<null> => post('me/totp/remove', { password, code });
export const mySessions = async (): Promise<SessionItem[]> => (await get<{ items: SessionItem[] }>('me/sessions')).items;
export const endSession = (id: string): Promise<null> => del(`me/sessions/${encodeURIComponent(id)}`);
export const endOthers = (): Promise<{ ended: number }> => del('me/sessions');
