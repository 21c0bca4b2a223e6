package graduate.openai;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on the loopback address that does what a test scripts, byte by byte, and keeps every
 * request that reaches it, asked for or not.
 */
public final class RawServer implements Closeable {
  private final ServerSocket listener;
  private final List<Script> scripts;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What the server does on one connection. When it is through, further requests are counted. */
  @FunctionalInterface
  public interface Script {
    void serve(Connection connection) throws IOException;
  }

  /** A request as it came. */
  public record Request(String head, byte[] body) {
    /** The lines that begin with {@code name}, whatever its case. */
    public List<String> lines(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
          .toList();
    }
  }

  /** A server that follows the n-th script on its n-th connection, and the last on all others. */
  public RawServer(Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Reads a request and answers it with {@code response}, whose lines end in LF here. */
  public static Script reply(String response) {
    return connection -> {
      connection.read();
      connection.send(response.replace("\n", "\r\n"));
    };
  }

  /** A whole response with its length. */
  public static Script reply(int status, String headers, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return connection -> {
      connection.read();
      connection.send(
          ("HTTP/1.1 " + status + " X\n" + headers + "Content-Length: " + length + "\n\n")
              .replace("\n", "\r\n"));
      connection.send(body);
    };
  }

  /** The port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The base URL, up to and including {@code /v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  /** Every request so far. */
  public List<Request> requests() {
    return requests;
  }

  /** How many connections were accepted. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    try {
      for (; ; ) {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = connections.getAndIncrement();
        Script script = scripts.get(Math.min(number, scripts.size() - 1));
        start(() -> serve(script, socket));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Script script, Socket socket) {
    try (Connection connection = new Connection(socket)) {
      script.serve(connection);
      connection.drain();
    } catch (IOException e) {
      // The client, the script or the test ended the connection.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "raw server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One connection, in the hands of its script. */
  public final class Connection implements Closeable {
    private final Socket socket;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Reads one request to its end and keeps it. */
    public Request read() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        head.write(readByte());
      }
      Request request = new Request(head.toString(StandardCharsets.ISO_8859_1), new byte[0]);
      int length = 0;
      for (String line : request.lines("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).trim());
      }
      request = new Request(request.head(), in.readNBytes(length));
      requests.add(request);
      return request;
    }

    private int readByte() throws IOException {
      int read = in.read();
      if (read < 0) {
        throw new IOException("closed by the client");
      }
      return read;
    }

    /** Sends text as it is. */
    public void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Sends a byte every half second for as long as the client stays. */
    public void drip(String text) throws IOException {
      socket.setSoTimeout(500);
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        send(new byte[] {b});
        try {
          readByte();
        } catch (SocketTimeoutException e) {
          // The client is still there.
        }
      }
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Keeps every request that still comes, answering none. */
    void drain() throws IOException {
      for (; ; ) {
        read();
      }
    }

    /** The connection itself, for a script that speaks another protocol on it. */
    public Socket socket() {
      return socket;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
