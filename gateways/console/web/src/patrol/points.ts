// A place that a campaign wants looked at, and what is said of it. Pure.
export interface Point {
  campaign: string;
  campaign_name: string;
  to: string; // the campaign's last day
  checklist: string[];
  point: string;
  name: string;
  lon: number;
  lat: number;
  grid?: string | null;
}
export const RESULTS = ['clean', 'found', 'unable'] as const;
export type Result = (typeof RESULTS)[number];

// What is still missing, as a key of words; "" = nothing. Somebody was there: a picture shows it. Who could not get there says why.
export function lacking(result: Result | '', photos: number, note: string): string {
  if (!result) return 'need_result';
  if (result === 'unable') return note.trim() ? '' : 'need_why';
  return photos ? '' : 'need_photo';
}
