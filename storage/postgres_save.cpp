// save(): everything of a batch in one transaction, one statement a table. The caller has decided; this only writes, and
// finds out whether what was decided on still stands.
#include <algorithm>

#include "storage/lists.hpp"
#include "storage/postgres_writer.hpp"

namespace wangge::storage {

namespace {

// Every row was written; else somebody wrote before us, and what was decided does not stand.
pg::Pipeline::Check all(std::size_t count, std::string why) {
  return [count, why = std::move(why)](std::size_t rows) {
    if (rows != count) throw Conflict(why);
  };
}

}  // namespace

void PostgresStore::save(Batch const& batch, core::Instant recorded_at) {
  check_batch(batch);
  register_writer(batch.district, batch.epoch);
  auto& s = session();
  ChainHead head;
  {
    pg::Transaction transaction(s);
    check_fence(s, batch.district, batch.epoch);
    auto const transport = save_transport(s, batch, recorded_at);
    auto const fired = save_fired(s, batch, recorded_at);
    auto counted = count_moved(s, batch);  // cases and spans as they still are
    pg::Pipeline p(s);
    save_cases(p, batch);
    save_figures(p, batch, std::move(counted));
    save_rules(p, batch);
    save_orders(p, batch);
    save_keys(p, batch, recorded_at);
    save_people(p, batch);
    save_spans(p, batch);
    save_marks_of(p, batch);
    save_tasks(p, batch, recorded_at);
    save_alarms(p, batch, recorded_at);
    save_media(p, batch);
    save_commands(p, batch, recorded_at);
    save_marks(p, batch.district, batch.marks);
    head = save_history(p, batch, transport, fired, recorded_at);
    p.finish();
    transaction.commit();
  }
  registered_[batch.district].head = head;
}

void PostgresStore::save_cases(pg::Pipeline& p, Batch const& batch) {
  CaseColumns fresh(CaseColumns::Which::opening), whole(CaseColumns::Which::every);
  CaseColumns moved(CaseColumns::Which::moving), changed(CaseColumns::Which::every);
  pg::Column moved_from, changed_from;
  for (auto const& save : batch.cases) {
    if (save.version_before == 0) {
      (has_later_fields(save.after) ? whole : fresh).add(save.after, dispatched_by(save));
    } else if (!save.rows.empty()) {
      bool const narrow = moves_only(save.rows);
      (narrow ? moved : changed).add(save.after, dispatched_by(save));
      (narrow ? moved_from : changed_from).add(save.version_before);
    }
  }
  for (auto* part : {&fresh, &whole}) {
    if (part->size() == 0) continue;
    auto params = pg::Params().text(batch.district);
    part->put(params);
    p.send(part == &fresh ? queries::cases_insert : queries::cases_insert_whole, params);
  }
  for (auto* part : {&moved, &changed}) {
    auto const count = part->size();
    if (count == 0) continue;
    auto params = pg::Params().text(batch.district);
    part->put(params);
    params.array(part == &moved ? moved_from : changed_from);
    p.send(part == &moved ? queries::cases_move : queries::cases_update, params, all(count, "a case moved since it was loaded"));
  }
}

// What the moved cases add to the closure tables is taken out and put in anew, in this transaction: a case that moves under
// our hands is a Conflict, and nothing of this stands.
std::map<std::string, FigureCase> PostgresStore::count_moved(pg::Session& s, Batch const& batch) {
  std::vector<std::string> moved;
  if (!registered_.at(batch.district).months) return {};
  for (auto const& save : batch.cases) {
    if (save.version_before != 0 && !save.rows.empty()) moved.push_back(save.after.case_no);
  }
  return moved.empty() ? std::map<std::string, FigureCase>() : load_counted(s, batch.district, moved);
}

void PostgresStore::save_figures(pg::Pipeline& p, Batch const& batch, std::map<std::string, FigureCase> before) {
  auto const& months = registered_.at(batch.district).months;
  if (!months) return;
  auto const listed = registered_.at(batch.district).listed;
  FigureSum sum;
  std::vector<std::string> touched;
  for (auto const& save : batch.cases) {
    if (save.rows.empty()) continue;
    FigureCase after{save.after, {}};
    auto const found = before.find(save.after.case_no);
    auto const* was = found == before.end() ? nullptr : &found->second;
    if (was != nullptr) {
      sum.add(*was, *months, -1);
      after.spans = was->spans;
    }
    apply(after.spans, save.spans);
    sum.add(after, *months, 1);
    if (counts_otherwise(was, after, *months, listed)) touched.push_back(save.after.case_no);
  }
  sum.write(p, batch.district);
  if (!touched.empty()) p.send(queries::list_touch, pg::Params().text(batch.district).array(touched));
}

// Seldom: the coordination desk made a decision a rule. Whoever polls the district's version reads it.
void PostgresStore::save_rules(pg::Pipeline& p, Batch const& batch) {
  bool any = false;
  for (auto const& save : batch.cases) {
    for (auto const& rule : save.rules) {
      auto const& by = save.rows.back();
      auto const day = [](std::optional<core::LocalDay> when) { return when ? iso_day(*when) : std::string(); };
      auto params = pg::Params();
      params.text(batch.district).text(rule.id).text(rule.standard).text(rule.kind).text(rule.code).text(rule.grid).text(rule.street);
      params.text(day(rule.when.from)).text(day(rule.when.to)).text(rule.unit).text(rule.squad).text(rule.document);
      params.text(save.after.case_no).text(by.actor).number(by.at.time_since_epoch().count());
      p.send(queries::desk_rule_insert, params);
      any = true;
    }
  }
  if (any) p.send(queries::district_raise, pg::Params().text(batch.district));
}

void PostgresStore::save_keys(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at) {
  pg::Column principal, key, body_hash, report_id, case_no, case_state, unusable;
  for (auto const& save : batch.cases) {
    if (!save.key) continue;
    principal.add(save.key->principal);
    key.add(save.key->key);
    body_hash.add(save.key->body_hash);
    report_id.add(save.key->report_id);
    case_no.add(save.key->case_no);
    case_state.add(save.key->case_state);
    unusable.add(save.key->place_unusable);
  }
  auto const count = key.size();
  if (count == 0) return;
  p.send(queries::report_key_insert,
                          pg::Params().text(batch.district).number(recorded_at.time_since_epoch().count()).array(principal).array(key)
                              .array(body_hash).array(report_id).array(case_no).array(case_state).array(unusable),
         all(count, "a report's key was answered before"));
}

void PostgresStore::save_people(pg::Pipeline& p, Batch const& batch) {
  pg::Column case_no, name, phone, extras;
  for (auto const& save : batch.cases) {
    if (save.version_before != 0 || (save.reporter_name.empty() && save.reporter_phone.empty() && save.extras.empty())) continue;
    case_no.add(save.after.case_no);
    name.add(save.reporter_name);
    phone.add(save.reporter_phone);
    extras.add(save.extras);
  }
  if (case_no.size() == 0) return;
  p.send(queries::reporter_insert, pg::Params().text(batch.district).array(case_no).array(name).array(phone).array(extras));
}

void PostgresStore::save_spans(pg::Pipeline& p, Batch const& batch) {
  auto const writes = span_writes(batch);
  if (!writes.closes.empty()) {
    pg::Column case_no, until, ended, effect, effect_due;
    for (auto const& close : writes.closes) {
      case_no.add(close.case_no);
      until.add(close.until);
      ended.add(close.ended);
      effect.add(close.effect_at);
      effect_due.add(close.effect_due_at);
    }
    p.send(queries::span_close,
           pg::Params().text(batch.district).array(case_no).array(until).array(ended).array(effect).array(effect_due),
           [want = writes.closes.size()](std::size_t rows) {
             if (rows != want) throw Poison("a span was to end that is not open");
           });
  }
  if (!writes.opens.empty()) {
    pg::Column case_no, version, kind, from, until, ended, unit, squad, due, effect, effect_due;
    for (auto const& [number, span] : writes.opens) {
      case_no.add(number);
      version.add(span.version);
      kind.add(core::id(span.kind));
      from.add(span.from_at);
      until.add(span.until_at);
      ended.add(span.ended);
      unit.add(span.unit);
      squad.add(span.squad);
      due.add(span.due_at);
      effect.add(span.effect_at);
      effect_due.add(span.effect_due_at);
    }
    p.send(queries::span_insert, pg::Params().text(batch.district).array(case_no).array(version).array(kind).array(from)
                                    .array(until).array(ended).array(unit).array(squad).array(due).array(effect).array(effect_due));
  }
}

void PostgresStore::save_marks_of(pg::Pipeline& p, Batch const& batch) {
  pg::Column at, mark, case_no, version, person, post, unit, squad;
  for (auto const& save : batch.cases) {
    for (auto const& step : save.marks) {
      for (auto const& one : step.marks) {
        at.add(step.at);
        mark.add(one.id);
        case_no.add(save.after.case_no);
        version.add(step.version);
        person.add(one.person);
        post.add(core::id(one.post));
        unit.add(one.unit);
        squad.add(one.squad);
      }
    }
  }
  if (at.size() == 0) return;
  p.send(queries::mark_insert, pg::Params().text(batch.district).array(at).array(mark).array(case_no).array(version).array(person)
                                  .array(post).array(unit).array(squad));
}

void PostgresStore::save_tasks(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at) {
  pg::Column id, case_no, version, kind, unit, squad, holder, epoch, due, open, quiet, created;
  for (auto const& save : batch.cases) {
    for (auto const& change : last_changes(save.tasks)) {
      auto const& t = change.task;
      id.add(t.task_id);
      case_no.add(t.case_no);
      version.add(t.version);
      kind.add(core::id(t.kind));
      unit.add(t.unit);
      squad.add(t.squad);
      holder.add(t.holder);
      epoch.add(t.epoch);
      due.add(t.due_at);
      open.add(t.open);
      quiet.add(t.quiet);
      created.add(t.created_at);
    }
  }
  auto const recorded = recorded_at.time_since_epoch().count();
  if (id.size() != 0) {
    p.send(queries::task_upsert, pg::Params().text(batch.district).number(recorded).array(id).array(case_no).array(version).array(kind)
                                    .array(unit).array(squad).array(holder).array(epoch).array(due).array(open).array(quiet).array(created));
  }
  auto const outbox = outbox_writes(batch);
  if (!outbox.settled.empty()) {
    pg::Column settled, up_to, status;
    for (auto const& o : outbox.settled) {
      settled.add(o.task_id);
      up_to.add(o.up_to_epoch);
      status.add(o.status);
    }
    p.send(queries::outbox_settle, pg::Params().text(batch.district).array(settled).array(up_to).array(status));
  }
  if (!outbox.told.empty()) {
    pg::Column told, of_epoch, to_squad, to_holder, notice;
    for (auto const& o : outbox.told) {
      told.add(o.task_id);
      of_epoch.add(o.epoch);
      to_squad.add(o.squad);
      to_holder.add(o.holder);
      notice.add(o.notice);
    }
    p.send(queries::outbox_insert, pg::Params().text(batch.district).number(recorded).array(told).array(of_epoch).array(to_squad)
                                      .array(to_holder).array(notice));
  }
}

void PostgresStore::save_media(pg::Pipeline& p, Batch const& batch) {
  pg::Column media, case_no;
  for (auto const& save : batch.cases) {
    for (auto const& id : media_named(save)) {
      media.add(id);
      case_no.add(save.after.case_no);
    }
  }
  if (media.size() != 0) p.send(queries::case_media_insert, pg::Params().text(batch.district).array(media).array(case_no));
}

void PostgresStore::save_commands(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at) {
  if (batch.commands.empty()) return;
  pg::Column principal, command_id, body_hash, status, code, field, case_no, version;
  for (auto const& c : batch.commands) {
    principal.add(c.principal);
    command_id.add(c.command_id);
    body_hash.add(c.body_hash);
    status.add(std::int64_t{c.status});
    code.add(c.code);
    field.add(c.field);
    case_no.add(c.case_no);
    version.add(c.version);
  }
  p.send(queries::command_insert,
                          pg::Params().text(batch.district).number(recorded_at.time_since_epoch().count()).array(principal).array(command_id)
                              .array(body_hash).array(status).array(code).array(field).array(case_no).array(version),
         all(batch.commands.size(), "a command was answered before"));
}

void PostgresStore::save_marks(pg::Pipeline& p, std::string const& district, std::vector<SpoolMark> const& marks) {
  std::map<std::string, std::int64_t> highest;
  for (auto const& mark : marks) highest[mark.spool_id] = std::max(highest[mark.spool_id], mark.seq);
  if (highest.empty()) return;
  pg::Column spool_id, seq;
  for (auto const& [id, value] : highest) {
    spool_id.add(id);
    seq.add(value);
  }
  p.send(queries::spool_cursor_advance, pg::Params().text(district).array(spool_id).array(seq));
}

std::vector<ReceivedSave const*> PostgresStore::save_transport(pg::Session& s, Batch const& batch, core::Instant recorded_at) {
  std::vector<ReceivedSave const*> effective;
  if (batch.transport.empty()) return effective;
  std::set<std::string> changed[2];
  for (bool const escalate : {false, true}) {
    pg::Column id, epoch, at;
    for (auto const& t : batch.transport) {
      if (t.escalate != escalate) continue;
      id.add(t.task_id);
      epoch.add(t.epoch);
      at.add(escalate ? recorded_at : t.row.at);
    }
    if (id.size() == 0) continue;
    auto const rows = s.run(escalate ? queries::task_escalate : queries::task_receive,
                            pg::Params().text(batch.district).array(id).array(epoch).array(at));
    for (auto const& row : rows) changed[escalate].insert(pg::text(row[0]));
  }
  std::vector<std::string> doubtful;
  pg::Column settled_id, settled_epoch, settled_status;
  for (auto const& t : batch.transport) {
    if (changed[t.escalate].erase(t.task_id) != 0) {
      effective.push_back(&t);
      if (t.escalate) continue;
      settled_id.add(t.task_id);
      settled_epoch.add(t.epoch);
      settled_status.add("delivered");
    } else {
      doubtful.push_back(t.task_id);
    }
  }
  if (!doubtful.empty()) {
    std::map<std::string, std::int64_t> epochs;
    for (auto const& row : s.run(queries::task_epochs, pg::Params().text(batch.district).array(doubtful))) {
      epochs[pg::text(row[0])] = pg::number(row[1]);
    }
    for (auto const& t : batch.transport) {
      if (std::find(doubtful.begin(), doubtful.end(), t.task_id) == doubtful.end()) continue;
      auto const found = epochs.find(t.task_id);
      if (found == epochs.end() || found->second != t.epoch) throw Conflict("task " + t.task_id + " was given anew");
    }
  }
  if (settled_id.size() != 0) {
    s.run(queries::outbox_settle, pg::Params().text(batch.district).array(settled_id).array(settled_epoch).array(settled_status));
  }
  return effective;
}

ChainHead PostgresStore::save_history(pg::Pipeline& p, Batch const& batch, std::vector<ReceivedSave const*> const& transport,
                                      std::vector<TimerFired const*> const& fired, core::Instant recorded_at) {
  ChainHead const before = registered_.at(batch.district).head;
  ChainHead head = before;
  pg::Column case_no, version, action, actor, role, from, to, at, reason, opinion, photos, command_id, changes, is_transport, seq, hash;
  auto const add = [&](std::string const& number, core::HistoryRow const& row) {
    auto const photo_text = joined(row.photos);
    auto const change_text = changes_json(row.changes);
    head = chained(head, canonical(batch.district, number, row, photo_text, change_text, recorded_at, lane_, head.seq + 1));
    case_no.add(number);
    version.add(row.version);
    action.add(row.action);
    actor.add(row.actor);
    role.add(core::id(row.role));
    from.add(core::id(row.from));
    to.add(core::id(row.to));
    at.add(row.at);
    reason.add(row.reason);
    opinion.add(row.opinion);
    photos.add(photo_text);
    command_id.add(row.command_id);
    changes.add(change_text);
    is_transport.add(row.transport);
    seq.add(head.seq);
    hash.add(to_hex(head.hash));
  };
  for (auto const* t : transport) add(t->case_no, t->row);
  for (auto const* f : fired) add(f->timer.case_no, f->row);
  for (auto const& save : batch.cases) {
    for (auto const& row : save.rows) add(save.after.case_no, row);
  }
  for (auto const& save : batch.orders) {
    for (auto const& row : save.rows) add(save.after.order_no, row);
  }
  if (head.seq == before.seq) return head;
  p.send(queries::history_insert,
        pg::Params().text(batch.district).number(recorded_at.time_since_epoch().count()).text(lane_).array(case_no).array(version)
            .array(action).array(actor).array(role).array(from).array(to).array(at).array(reason).array(opinion).array(photos)
            .array(command_id).array(changes).array(is_transport).array(seq).array(hash));
  p.send(queries::chain_head_advance,
         pg::Params().text(batch.district).text(lane_).number(before.seq).number(head.seq).text(to_hex(head.hash)),
         [lane = lane_](std::size_t rows) {
           if (rows != 1) throw StaleEpoch("somebody else writes the chain of lane " + lane);
         });
  return head;
}

}  // namespace wangge::storage
