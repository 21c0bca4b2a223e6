package graduate.cli;

/** The exit codes, as {@code --help} and the README list them. */
public final class Exit {
  public static final int OK = 0;
  public static final int BUG = 1;
  public static final int USAGE = 2;
  public static final int UNUSABLE = 3;
  public static final int CAP = 4;
  public static final int REFUSED = 5;
  public static final int FAILED = 6;
  public static final int INCOMPLETE = 7;
  public static final int CHECK = 8;
  public static final int LOG = 9;
  public static final int UNDELIVERED = 10;
  public static final int BROKEN_PIPE = 141;

  private Exit() {}
}
