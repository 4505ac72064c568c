// What the console shows beside the queue: one row a view. A new page is a row here, a file of its own and its words; the navigation,
// the address (`/?view=ID`) and who sees it follow. The server refuses whatever the page would show to the wrong person.
import { type Component, defineAsyncComponent } from 'vue';
import { STATISTICS_READERS } from '../core/codes';

export interface View {
  id: string;
  group: 'desk' | 'supervise' | 'month' | 'manage'; // its words are `group_ID`
  title: string; // a key of the words
  roles?: readonly string[]; // who is shown it; everybody when left out
  page?: Component; // fetched when it is opened; none for the queue itself
}
type Fetch = () => Promise<{ default: Component }>;
const lazy = (fetch: Fetch): Component => defineAsyncComponent(fetch);

export const INTAKE = ['hotline_agent', 'acceptor'];
const HANDOVER = ['hotline_agent', 'acceptor', 'shift_leader', 'dispatch_officer', 'coordinator', 'evaluator', 'inspector', 'leader', 'auditor'];
export const VIEWS: readonly View[] = [
  { id: 'cases', group: 'desk', title: 'cases' },
  { id: 'intake', group: 'desk', title: 'intake', roles: INTAKE, page: lazy(() => import('./IntakeForm.vue')) },
  { id: 'handover', group: 'desk', title: 'handover', roles: HANDOVER, page: lazy(() => import('./HandoverView.vue')) },
  { id: 'closure', group: 'month', title: 'closure', roles: STATISTICS_READERS, page: lazy(() => import('./ClosureTable.vue')) },
];
export const GROUPS = ['desk', 'supervise', 'month', 'manage'] as const;
export const mayView = (view: View, role?: string): boolean => !view.roles || (!!role && view.roles.includes(role));
export const viewOf = (id: string | null): View => VIEWS.find((view) => view.id === id) ?? VIEWS[0];
