/** Schedules as Debian's cron reads them, and the crontab line. */
@NullMarked
package graduate.cron;

import org.jspecify.annotations.NullMarked;
