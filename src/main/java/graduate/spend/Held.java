package graduate.spend;

import graduate.audit.LogTime;
import graduate.audit.SettlementEntry;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The held calls that people speak of, by how they name them. */
final class Held {
  private final Session session;
  private final Collection<OpenCall> held;

  Held(Session session) {
    this.session = session;
    this.held = session.balance().held();
  }

  /** Settles the calls that {@code ids} name, all of them or none. */
  List<SettlementEntry> settle(List<String> ids, BigDecimal usd, String why) {
    List<SettlementEntry> entries = new ArrayList<>();
    for (OpenCall call : named(ids)) {
      entries.add(
          new SettlementEntry(
              session.newId(),
              call.id(),
              call.requested(),
              call.prompt(),
              call.reserved(),
              usd,
              why));
    }
    entries.forEach(session::write);
    session.force();
    return entries;
  }

  /** The calls that {@code ids} name, each once; every one of them may be settled. */
  private Set<OpenCall> named(List<String> ids) {
    Set<OpenCall> calls = new LinkedHashSet<>();
    for (String id : ids) {
      if (id.equals("all")) {
        held.stream().filter(this::isOver).forEach(calls::add);
      } else {
        calls.add(one(id));
      }
    }
    if (calls.isEmpty()) {
      throw new UnusableException("all", "no held call is over. See: graduate spend");
    }
    return calls;
  }

  private static boolean begins(OpenCall call, String id) {
    return !id.isEmpty() && call.id().startsWith(id);
  }

  private OpenCall one(String id) {
    List<OpenCall> found =
        held.stream().filter(call -> id.equals("last") || begins(call, id)).toList();
    if (found.isEmpty()) {
      throw new UnusableException(id, "no held call. See: graduate spend");
    }
    if (found.size() > 1 && !id.equals("last")) {
      throw new UnusableException(
          id, found.size() + " held calls begin so. Give more of the id. See: graduate spend");
    }
    OpenCall call = found.get(found.size() - 1);
    if (!isOver(call)) {
      throw new UnusableException(
          call.id(),
          "may still be running until " + LogTime.of(call.deadline()) + "; settle it after that");
    }
    return call;
  }

  private boolean isOver(OpenCall call) {
    return !call.inFlight(session.now());
  }
}
