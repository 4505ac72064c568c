// One case beside the list: the alarm if nobody has its task, the seven stages, exactly the buttons the server offers, photos
// before and after, facts, why it went where it went, the timeline. Each part is redrawn only when what it shows has changed,
// so that live changes never move what is being read, nor take a half-filled form away.
import { get, getAll, serverNow } from './api.js';
import { CHOICES, CLOSING, LATE_STAGES, REQUESTS, SOURCES, STATES } from './codes.js';
import { t, word } from './i18n.js';
import { actionForm, actionTitle, doneText, fieldsOf, inOrder, isForward, present } from './forms.js';
import { whyDue, whyWho } from './explain.js';
import { requestWords } from './fields.js';
import { photoGroups } from './photos.js';
import { photosOf, stepBar, timeline } from './timeline.js';
import { countdown, span, ticking, when } from './times.js';
import { caseNumber, copyText, ended, failure, flag, h, lightBadge, position, show } from './view.js';
import { toast } from './session.js';

const PARTS = ['line', 'alarm', 'steps', 'description', 'actions', 'photos', 'facts', 'why', 'timeline'];

export class CasePage {
  #form = null;
  #stale = false; // somebody was faster: read anew when the form closes

  constructor(master, outside) {
    this.master = master;
    this.outside = outside;
    this.caseNo = '';
    this.node = h('section', { class: 'case-page', 'aria-label': t('facts'), tabindex: '-1', hidden: true });
  }

  async show(caseNo) {
    if (!caseNo) {
      this.node.hidden = true;
      this.caseNo = '';
      this.#form = null;
      return;
    }
    if (caseNo === this.caseNo) return;
    this.caseNo = caseNo;
    this.item = null;
    this.#form = null;
    this.node.hidden = false;
    this.node.scrollTop = 0;
    show(this.node, this.#head(), h('p', { class: 'hint' }, t('loading')));
    await this.#load();
  }

  // A hint came: look again.
  async renew() {
    if (this.caseNo && this.item) await this.#load(true);
    else if (this.caseNo) await this.#load();
  }

  escape() {
    if (!this.#form) return false;
    this.#closeForm();
    return true;
  }

  // The n-th of the offered steps, by its key. One that asks nothing would go out at once: a slip of the finger only marks it.
  act(index) {
    const button = this.node.querySelectorAll('.buttons [data-action]')[index];
    const action = this.item?.actions?.find((a) => a.name === button?.dataset.action);
    if (!action) return false;
    if (fieldsOf(action).length) button.click();
    else button.focus();
    return true;
  }

  async #load(quiet = false) {
    const caseNo = this.caseNo;
    const path = `cases/${encodeURIComponent(caseNo)}`;
    try {
      const [item, history, why] = await Promise.all([get(path), getAll(`${path}/history`), get(`${path}/explain`).catch(() => null)]);
      if (caseNo !== this.caseNo) return;
      if (this.#form && this.item && item.version !== this.item.version) this.#stale = true;
      const first = !this.item || !this.parts;
      this.item = item;
      this.history = history;
      this.why = why;
      if (first || !quiet) this.#frame();
      this.#draw();
      this.outside.changed(item);
    } catch (error) {
      if (caseNo !== this.caseNo) return;
      this.outside.fail(error);
      if (!quiet || error.status === 404) show(this.node, this.#head(), failure(error, error.status === 404 ? null : () => this.#load()));
    }
  }

  #head() {
    const copy = () =>
      copyText(this.caseNo).then(
        () => toast(t('copied')),
        () => {},
      );
    return h(
      'div',
      { class: 'case-head' },
      h('h2', {}, caseNumber(this.caseNo)),
      h('button', { type: 'button', class: 'quiet copy', onclick: copy }, t('copy')),
      h('button', { type: 'button', class: 'quiet close', onclick: () => this.outside.go({ case: '' }) }, t('close')),
    );
  }

  #frame() {
    this.parts = Object.fromEntries(PARTS.map((name) => [name, { node: h('div', { class: `part part-${name}` }), print: null }]));
    this.#form = null;
    show(
      this.node,
      this.#head(),
      PARTS.map((name) => this.parts[name].node),
    );
  }

  #part(name, print, build) {
    const part = this.parts[name];
    const text = JSON.stringify(print);
    if (part.print === text) return;
    part.print = text;
    show(part.node, build());
  }

  #draw() {
    const { item, history, why, master } = this;
    const flags = ['urgent', 'supervised', 'backdated', 'key_conflict', 'place_unusable'].filter((name) => item[name]);
    const asked = (item.requests || []).map((r) => t('request_waits', { what: word(REQUESTS, r.kind) }));
    this.#part('line', [item.light, item.state, item.due_at, item.handed_over_at, item.late, item.stage_due_at, flags, asked], () =>
      h(
        'p',
        { class: 'case-line' },
        lightBadge(item.light, ended(item)),
        h('strong', {}, word(STATES, item.state)),
        countdown(item),
        flags.map((name) => flag(t(name))),
        asked.map((text) => flag(text)),
      ),
    );
    this.#part('alarm', [item.escalated, item.tasks], () => this.#alarms());
    this.#part('steps', [item.stage, history.map((r) => [r.to, r.at])], () => stepBar(item, history));
    this.#part('description', [item.category, item.description], () => [
      h('p', { class: 'what' }, master.category(item)),
      item.description ? h('p', { class: 'description' }, item.description) : null,
    ]);
    if (!this.#form) this.#part('actions', [item.version, item.actions], () => this.#actions());
    const photos = photosOf(item, history);
    this.#part('photos', photos, () => {
      const groups = photoGroups(photos);
      return groups ? [h('h3', {}, t('photos')), groups] : null;
    });
    this.#part('facts', { ...item, light: 0, left_ms: 0, actions: 0 }, () => [h('h3', {}, t('facts')), this.#facts()]);
    this.#part('why', why && { ...why, light: 0 }, () =>
      why ? [h('h3', {}, t('why_who')), whyWho(why, master), h('h3', {}, t('why_due')), whyDue(why, item, master)] : null,
    );
    this.#part('timeline', history, () => [h('h3', {}, t('timeline')), timeline(history, master)]);
  }

  #alarms() {
    return (this.item.tasks || [])
      .filter((task) => task.escalated && !task.received)
      .map((task) => {
        const raised = this.history.filter((row) => row.action === 'task_escalated').at(-1);
        const who = this.master.squad(task.squad) || task.holder || this.master.who(task.unit, '');
        return ticking('p', { class: 'alarm', role: 'alert' }, () =>
          t('alarm_case', { who, t: raised ? `${span(serverNow() - Date.parse(raised.at))}` : '' }),
        );
      });
  }

  #facts() {
    const { item, master } = this;
    const place = item.place_unusable ? flag(t('place_unusable')) : position(item);
    const upstream = item.reported?.upstream;
    const link = (no) => h('a', { href: `/?case=${encodeURIComponent(no)}` }, caseNumber(no));
    const tasks = item.tasks || [];
    const assisting = (item.tasks || []).filter((task) => task.kind === 'assist').map((task) => master.who(task.unit, task.squad));
    const requests = (item.requests || []).map(requestWords);
    const facts = [
      ['requests', requests.length ? requests.map((text) => h('div', {}, text)) : null],
      ['class', master.className(item)],
      ['condition', master.condition(item)],
      ['address', item.address],
      ['place', place],
      ['grid', item.grid],
      ['component_id', item.component_id],
      ['unit', master.unit(item.unit)],
      ['squad', master.squad(item.squad)],
      ['assisting', assisting.join(t('stop'))],
      ['holder', item.holder],
      ['delivery', tasks.map((task) => t(task.received ? 'delivered' : task.escalated ? 'not_delivered' : 'delivering')).join(t('stop'))],
      ['due_at', item.due_at ? [when(item.due_at), item.provisional ? [' ', flag(t('provisional'))] : null] : null],
      ['stage_due_at', item.stage_due_at ? when(item.stage_due_at) : null],
      ['suspended_until', item.suspended_until ? when(item.suspended_until) : null],
      ['made_safe_at', item.made_safe_at ? when(item.made_safe_at) : null],
      ['verify_result', item.verify_result ? word(CHOICES, item.verify_result) : null],
      ['check_mode', item.check_mode ? word(CHOICES, item.check_mode) : null],
      ['closing_condition', item.closing_condition ? word(CLOSING, item.closing_condition) : null],
      ['returns', item.returns],
      ['rework', item.rework],
      ['extensions', item.extensions],
      ['supervisions', item.supervised],
      ['urges', item.urges],
      ['instructions', item.instructions],
      ['late_stages', (item.late_stages || []).map((stage) => word(LATE_STAGES, stage)).join(t('stop'))],
      ['enforcement_no', item.enforcement_no],
      ['enforcement_step', item.enforcement_step ? word(CHOICES, item.enforcement_step) : null],
      ['appeal', item.appeal ? word(CHOICES, item.appeal) : null],
      ['source', word(SOURCES, item.source)],
      ['upstream', upstream ? [upstream.system, upstream.number].filter(Boolean).join(' ') : null],
      ['opened_at', item.opened_at ? when(item.opened_at) : null],
      ['closed_at', item.closed_at ? when(item.closed_at) : null],
      ['replied_at', item.replied_at ? when(item.replied_at) : null],
      ['satisfaction', item.satisfaction ? word(CHOICES, item.satisfaction) : null],
      [
        'reporter',
        item.reporter && typeof item.reporter === 'object' ? [item.reporter.name, item.reporter.phone].filter(Boolean).join(' ') : null,
      ],
      ['twins', (item.twins || []).length ? item.twins.map((no) => [link(no), ' ']) : null],
      ['merged_into', item.merged_into ? link(item.merged_into) : null],
      ['duplicates', item.duplicates],
      ['follows', item.follows ? link(item.follows) : null],
      ['followed_by', item.followed_by ? link(item.followed_by) : null],
    ].filter(([, value]) => value);
    return h(
      'dl',
      { class: 'facts' },
      facts.map(([name, value]) => [h('dt', {}, t(name)), h('dd', { 'data-fact': name }, value)]),
    );
  }

  // ---------------------------------------------------------------------------------------------- what may be done

  #actions() {
    const offered = inOrder(this.item.actions || []);
    const main = offered.find(isForward);
    this.actionBox = h(
      'div',
      { class: 'action-box' },
      h('h3', {}, t('actions')),
      offered.length
        ? h(
            'div',
            { class: 'buttons' },
            offered.map((action) =>
              h(
                'button',
                {
                  type: 'button',
                  class: action === main ? 'primary' : null,
                  'data-action': action.name,
                  'aria-expanded': 'false',
                  onclick: (event) => this.#open(action, event.currentTarget),
                },
                actionTitle(action),
              ),
            ),
          )
        : h('p', { class: 'hint' }, t('no_actions')),
    );
    return this.actionBox;
  }

  #open(action, button) {
    this.#form?.remove();
    this.opener = action.name;
    this.actionBox.querySelectorAll('.buttons button').forEach((b) => b.setAttribute('aria-expanded', String(b === button)));
    this.#form = actionForm(action, this.item, this.master, {
      camera: false,
      done: (after) => {
        toast(doneText(action, after));
        this.#dropForm();
        if (after?.case_no && after.state) this.outside.changed(after);
        this.outside.done?.();
        this.#load(true).then(() => this.node.focus({ preventScroll: true }));
      },
      stale: () => {
        this.#stale = true;
        this.#load(true);
      },
      cancel: () => this.#closeForm(),
    });
    present(this.#form, (form) => this.actionBox.append(form));
    button.scrollIntoView({ block: 'nearest' });
  }

  #dropForm() {
    this.#form?.remove();
    this.#form = null;
    this.#stale = false;
    this.parts.actions.print = null;
  }

  #closeForm() {
    const stale = this.#stale;
    this.#dropForm();
    this.#draw();
    this.actionBox.querySelector(`button[data-action="${CSS.escape(this.opener)}"]`)?.focus();
    if (stale) this.#load(true);
  }
}
