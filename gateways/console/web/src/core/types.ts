// The shapes the API answers with, as far as the pages look into them (CONTRACT 3 to 6). What a page does not read is not named.

export interface Me {
  name: string;
  role: string;
  district: string;
  street?: string | null;
  unit?: string | null;
  squad?: string | null;
  sources?: string[];
  signed_in?: { how: string; session_id?: string; opened_at?: string; expires_at?: string; idle_minutes?: number; totp?: boolean; totp_required?: boolean };
  must?: string[]; // what to do before anything else opens: password, totp
  csrf?: string;
}

export interface CategoryKey {
  standard: string;
  kind: string;
  code: string;
}

export interface Field {
  name: string;
  type?: string; // text, number, choice, code, codes, time, category, photos
  required?: boolean;
  required_when?: string; // "result=unable"
  choices?: string[] | string;
  min?: number;
}

export interface Action {
  name: string;
  title?: string;
  fields?: Field[] | Record<string, Omit<Field, 'name'>>;
}

export interface Task {
  task_id: string;
  case_no: string;
  kind: string;
  epoch: number;
  version?: number;
  unit?: string | null;
  squad?: string | null;
  holder?: string | null;
  due_at?: string | null;
  given_at?: string | null;
  light?: string | null;
  open?: boolean;
  received?: boolean;
  escalated?: boolean;
  state?: string;
  description?: string;
  address?: string | null;
  lon?: number | null;
  lat?: number | null;
  grid?: string | null;
  category?: CategoryKey;
}

export interface WaitingRequest {
  request_id: string;
  kind: string;
  by: string;
  at: string;
  until?: string | null;
  reason?: string;
  text?: string;
}

export interface Case {
  case_no: string;
  version: number;
  state: string;
  stage: string;
  source?: string;
  unit?: string | null;
  squad?: string | null;
  holder?: string | null;
  grid?: string | null;
  class?: string | null;
  category?: CategoryKey;
  condition?: string | null;
  description?: string;
  address?: string | null;
  lon?: number | null;
  lat?: number | null;
  place_unusable?: boolean;
  component_id?: string | null;
  light?: string | null;
  opened_at?: string | null;
  closed_at?: string | null;
  due_at?: string | null;
  stage_due_at?: string | null;
  handed_over_at?: string | null;
  suspended_until?: string | null;
  made_safe_at?: string | null;
  replied_at?: string | null;
  late?: boolean;
  provisional?: boolean;
  urgent?: boolean;
  supervised?: number | boolean;
  escalated?: boolean;
  backdated?: boolean;
  key_conflict?: boolean;
  pending_request?: string | null;
  requests?: WaitingRequest[];
  orders?: WaitingRequest[];
  twins?: string[];
  tasks?: Task[];
  photos?: Photo[];
  reported?: { self_disposed?: { before?: Photo[]; after?: Photo[] }; upstream?: { system?: string; number?: string } };
  reporter?: { name?: string | null; phone?: string | null; masked?: boolean } | string | null;
  late_stages?: string[];
  returns?: number;
  rework?: number;
  extensions?: number;
  urges?: number;
  instructions?: number;
  check_mode?: string | null;
  verify_result?: string | null;
  closing_condition?: string | null;
  enforcement_no?: string | null;
  enforcement_step?: string | null;
  appeal?: string | null;
  satisfaction?: string | null;
  merged_into?: string | null;
  duplicates?: number | string | null;
  follows?: string | null;
  followed_by?: string | null;
  actions?: Action[];
}

export type Photo = string | { media_id?: string };

export interface HistoryRow {
  version: number;
  action: string;
  actor?: string;
  role?: string;
  from?: string;
  to?: string;
  at: string;
  reason?: string | null;
  opinion?: string | null;
  photos?: Photo[];
  transport?: boolean;
  result?: string | null; // of a word on an answer
  changes?: Record<string, string>;
}

export interface Explanation {
  unit?: string | null;
  squad?: string | null;
  routing?: unknown[];
  words?: string[];
  deadline?: { limit?: number; clock?: string; calendar?: string; from?: string; left_ms?: number | null } | null;
  limit_minutes?: number;
  clock?: string;
  due_at?: string | null;
  warn_at?: string | null;
  handed_over_at?: string | null;
  left_ms?: number | null;
  late?: boolean;
  provisional?: boolean;
}

export interface Counts {
  open?: number;
  state?: Record<string, number>;
  light?: Record<string, number>;
  escalated?: Task[];
  escalated_count?: number;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Named {
  key?: string;
  name?: string;
  zh?: string;
  en?: string;
  unit?: string;
}

export interface CatalogueEntry extends Named, CategoryKey {
  class?: { code?: string; zh?: string; en?: string };
  valid_to?: string | null;
  conditions?: (Named & { id: string; clock?: string; minutes?: number })[];
  do_not_report?: { zh: string; en: string } | null;
  photos_least?: number;
  photo_rule?: { zh: string; en: string } | null;
}
