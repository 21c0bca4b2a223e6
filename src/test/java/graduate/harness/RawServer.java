package graduate.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * A server on the loopback address that does what a test says, byte by byte, and keeps every
 * request that reaches it whole, asked for or not.
 */
public final class RawServer implements Closeable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Script> scripts;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What the server does on one connection. When it is through, further requests are counted. */
  @FunctionalInterface
  public interface Script {
    void serve(Connection connection) throws Exception;
  }

  /** What is done with the first request on a connection; nothing more is said on it. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(String request, Connection connection) throws Exception;
  }

  /** A server that follows the n-th script on its n-th connection, and the last on all others. */
  public RawServer(Script... scripts) throws IOException {
    this.scripts = List.of(scripts);
    start(this::accept);
  }

  /** A server that does the same with every request. */
  public RawServer(Behaviour behaviour) throws IOException {
    this(
        connection -> {
          behaviour.answer(connection.read(), connection);
          connection.socket().shutdownOutput();
        });
  }

  /** Never answers. */
  public static RawServer silent() throws IOException {
    return new RawServer((request, connection) -> connection.more());
  }

  /** Always answers with the same bytes. */
  public static RawServer saying(String response) throws IOException {
    return new RawServer((request, connection) -> connection.send(response));
  }

  /** Reads a request and answers it with {@code response}, whose lines end in LF here. */
  public static Script reply(String response) {
    return connection -> {
      connection.read();
      connection.send(response.replace("\n", "\r\n"));
    };
  }

  /** A whole response with its length; the headers' lines end in LF here. */
  public static Script reply(int status, String headers, String body) {
    return connection -> {
      connection.read();
      connection.send(response(status + " X", headers.replace("\n", "\r\n"), body));
    };
  }

  /** A response with its status line, headers and length. */
  public static String response(String status, String headers, String body) {
    int length = body.getBytes(UTF_8).length;
    return "HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s".formatted(status, headers, length, body);
  }

  /** An answer with {@code text}, 9 and 2 tokens. */
  public static String answer(String text) {
    return response("200 OK", "", Answers.completion(text));
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The base URL, up to and including {@code /v1}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port() + "/v1";
  }

  /** The requests that came whole, with their headers. */
  public List<String> requests() {
    return requests;
  }

  /** The headers of a request that begin with {@code name}, whatever its case. */
  public static List<String> headers(String request, String name) {
    return request
        .substring(0, request.indexOf("\r\n\r\n"))
        .lines()
        .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
        .toList();
  }

  /** Waits for the next request. */
  public String take() throws IOException, InterruptedException {
    String request = arrived.poll(60, TimeUnit.SECONDS);
    if (request == null) {
      throw new IOException("no request came");
    }
    return request;
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
        Script script = scripts.get(Math.min(connections.getAndIncrement(), scripts.size() - 1));
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
    } catch (SocketException | SSLException e) {
      // The client, the script or the test ended the connection.
    } catch (Exception | AssertionError e) {
      failures.add(e);
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
    if (!failures.isEmpty()) {
      throw new IOException("the server failed", failures.get(0));
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
    public String read() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      String head = "";
      while (!head.endsWith("\r\n\r\n")) {
        bytes.write(readByte());
        head = bytes.toString(ISO_8859_1);
      }
      int length = 0;
      for (String line : headers(head, "content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).trim());
      }
      String request = head + new String(in.readNBytes(length), UTF_8);
      requests.add(request);
      arrived.add(request);
      return request;
    }

    private int readByte() throws IOException {
      int read = in.read();
      if (read < 0) {
        throw new SocketException("closed by the client");
      }
      return read;
    }

    /** Waits for the client's next byte; -1 where the client ends the connection. */
    public int more() throws IOException {
      return in.read();
    }

    /** Sends text as it is. */
    public void send(String text) throws IOException {
      send(text.getBytes(UTF_8));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Sends a byte every half second for as long as the client stays. */
    public void drip(String text) throws IOException {
      socket.setSoTimeout(500);
      for (byte b : text.getBytes(UTF_8)) {
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
