package graduate.spend;

import graduate.audit.Entry;
import graduate.audit.LogTime;
import graduate.text.UnusableException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The held calls that people speak of, by how they name them. */
public final class Held {
  private final Session session;
  private final Collection<OpenCall> held;

  /** The calls that are held in {@code session}. */
  public Held(Session session) {
    this.session = session;
    this.held = session.balance().held();
  }

  /**
   * Sets what held calls really cost, all of them or none.
   *
   * @param ids ids or beginnings of ids that no other held call has; {@code last}; {@code all} that
   *     may be settled
   * @param usd what each of them cost
   * @return the calls as they were held
   * @throws UnusableException where one is not held, or may still be running
   */
  public Collection<OpenCall> settle(List<String> ids, BigDecimal usd, String why) {
    Collection<OpenCall> calls = named(ids);
    for (OpenCall call : calls) {
      session.write(
          new Entry("settlement", session.newId())
              .put("call", call.id())
              .put("requested", call.requested())
              .put("prompt", call.prompt())
              .put("was_usd", call.reserved())
              .put("cost_usd", usd)
              .put("why", why));
    }
    session.force();
    return calls;
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

  private OpenCall one(String id) {
    boolean last = id.equals("last");
    List<OpenCall> found =
        held.stream().filter(call -> last || (!id.isEmpty() && call.id().startsWith(id))).toList();
    if (found.isEmpty()) {
      throw new UnusableException(id, "no held call. See: graduate spend");
    }
    if (found.size() > 1 && !last) {
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
