package graduate.audit;

import java.io.IOException;

/**
 * The lock file was deleted while it was held, or another wrote meanwhile: nothing was written, the
 * work starts again.
 */
final class LockLostException extends IOException {
  private static final long serialVersionUID = 1;
}
