// What the console shows beside the queue: one row a view. A new page is a row here, a file of its own and its words; the navigation,
// the address (`/?view=ID`) and who sees it follow. The server refuses whatever the page would show to the wrong person.
import { type Component, defineAsyncComponent, h } from 'vue';
import { STATISTICS_READERS } from '../core/codes';
import { t } from '../core/i18n';
import FailureBox from '../ui/FailureBox.vue';
import { PUBLISHERS } from './month/roles';
import './words_office';

export interface View {
  id: string;
  group: 'desk' | 'supervise' | 'month' | 'manage'; // its words are `group_ID`
  title: string; // a key of the words
  roles?: readonly string[]; // who is shown it; all who have cases before them when left out
  page?: Component; // fetched when it is opened; none for the queue itself
}
type Fetch = () => Promise<{ default: Component }>;
// A page that is still on its way says so, one that does not come is asked for again, and then says that too: never a blank page.
const AGAIN = 3;
const lazy = (fetch: Fetch): Component =>
  defineAsyncComponent({
    loader: fetch,
    loadingComponent: () => h('p', { class: 'hint pad', role: 'status' }, t('loading')),
    errorComponent: FailureBox,
    onError: (_, retry, give, attempts) => (attempts <= AGAIN ? void setTimeout(retry, 500 * attempts) : give()),
  });

// Administrators of the house have no case before them (ARCHITECTURE, the doors' case_readers).
const HOUSE = ['sys_admin', 'sec_admin', 'catalogue_admin', 'reporter'];
const ACCOUNTS = ['sys_admin', 'sec_admin', 'auditor'];
export const INTAKE = ['hotline_agent', 'acceptor'];
// The server's own lists (gateways/routes.cpp): case readers without the street's and the unit's hands, who reads rules, who reads parts.
const DECIDERS = ['acceptor', 'shift_leader', 'dispatch_officer', 'coordinator', 'evaluator', 'leader'];
const ORDERED = ['shift_leader', 'dispatch_officer', 'coordinator', 'evaluator', 'inspector', 'leader', 'unit_clerk', 'unit_head', 'squad_leader'];
const HOTLINE = ['hotline_agent', 'acceptor', 'shift_leader', 'dispatch_officer', 'coordinator', 'unit_clerk', 'unit_head', 'evaluator', 'inspector', 'leader'];
const RULES = ['acceptor', 'shift_leader', 'dispatch_officer', 'coordinator', 'evaluator', 'inspector', 'leader', 'auditor', 'catalogue_admin'];
const PARTS = [...RULES, 'patrol_lead', 'sys_admin', 'unit_head'];
const SUPERVISORS = ['evaluator', 'inspector', 'leader', 'auditor'];
const PATROLS = ['patrol_lead', 'shift_leader', 'inspector', 'leader', 'evaluator'];
const office = (id: string, group: View['group'], roles: readonly string[], fetch: Fetch): View => ({ id, group, title: `v_${id}`, roles, page: lazy(fetch) });

const HANDOVER = ['hotline_agent', 'acceptor', 'shift_leader', 'dispatch_officer', 'coordinator', 'evaluator', 'inspector', 'leader', 'auditor'];
export const VIEWS: readonly View[] = [
  { id: 'cases', group: 'desk', title: 'cases' },
  { id: 'map', group: 'desk', title: 'map', page: lazy(() => import('./MapView.vue')) },
  { id: 'intake', group: 'desk', title: 'intake', roles: INTAKE, page: lazy(() => import('./IntakeForm.vue')) },
  { id: 'handover', group: 'desk', title: 'handover', roles: HANDOVER, page: lazy(() => import('./HandoverView.vue')) },
  { id: 'closure', group: 'month', title: 'closure', roles: STATISTICS_READERS, page: lazy(() => import('./ClosureTable.vue')) },
  { id: 'accounts', group: 'manage', title: 'accounts', roles: ACCOUNTS, page: lazy(() => import('../account/AccountsPage.vue')) },
  { id: 'audit', group: 'manage', title: 'audit', roles: ['auditor'], page: lazy(() => import('../account/AuditPage.vue')) },
  { id: 'indicators', group: 'month', title: 'nav_indicators', roles: STATISTICS_READERS, page: lazy(() => import('./Indicators.vue')) },
  { id: 'evaluation', group: 'month', title: 'nav_evaluation', roles: STATISTICS_READERS, page: lazy(() => import('./Evaluation.vue')) },
  { id: 'settlement', group: 'month', title: 'nav_settlement', roles: PUBLISHERS, page: lazy(() => import('./Settlement.vue')) },
  { id: 'month', group: 'month', title: 'nav_month', roles: STATISTICS_READERS, page: lazy(() => import('./MonthState.vue')) },
  office('escalations', 'supervise', [...DECIDERS, 'inspector', 'unit_clerk', 'unit_head', 'squad_leader'], () => import('../office/EscalationsPage.vue')),
  office('approvals', 'supervise', DECIDERS, () => import('../office/ApprovalsPage.vue')),
  office('orders', 'supervise', ORDERED, () => import('../office/OrdersPage.vue')),
  office('coordination', 'supervise', RULES, () => import('../office/CoordinationPage.vue')),
  office('hotline', 'supervise', HOTLINE, () => import('../office/HotlinePage.vue')),
  office('suspicions', 'supervise', SUPERVISORS, () => import('../office/SuspicionsPage.vue')),
  office('campaigns', 'supervise', [...RULES, 'patrol_lead'], () => import('../office/CampaignsPage.vue')),
  office('plans', 'supervise', RULES, () => import('../office/PlansPage.vue')),
  office('attendance', 'supervise', PATROLS, () => import('../office/AttendancePage.vue')),
  office('coverage', 'supervise', PATROLS, () => import('../office/CoveragePage.vue')),
  office('rules', 'manage', RULES, () => import('../office/RulesPage.vue')),
  office('catalogue', 'manage', PARTS, () => import('../office/CataloguePage.vue')),
  office('calendar', 'manage', PARTS, () => import('../office/CalendarPage.vue')),
  office('roster', 'manage', PARTS, () => import('../office/RosterPage.vue')),
  office('units', 'manage', PARTS, () => import('../office/UnitsPage.vue')),
  office('part', 'manage', PARTS, () => import('../office/PartPage.vue')),
  office('switches', 'manage', PARTS, () => import('../office/SwitchesPage.vue')),
];
export const GROUPS = ['desk', 'supervise', 'month', 'manage'] as const;
export const mayView = (view: View, role?: string): boolean => (view.roles ? !!role && view.roles.includes(role) : !HOUSE.includes(role ?? ''));
export const viewOf = (id: string | null): View => VIEWS.find((view) => view.id === id) ?? VIEWS[0];
