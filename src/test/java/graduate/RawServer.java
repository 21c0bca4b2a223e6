package graduate;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of plain sockets: it knows each request that it has read whole, and does as told. */
final class RawServer implements Closeable {
  /** What is done with a request; the connection is closed after it. */
  @FunctionalInterface
  interface Behaviour {
    void answer(String request, Socket connection) throws Exception;
  }

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  RawServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Never answers. */
  static RawServer silent() throws IOException {
    return new RawServer((request, connection) -> connection.getInputStream().read());
  }

  /** Always answers with the same bytes. */
  static RawServer saying(String response) throws IOException {
    return new RawServer((request, connection) -> say(response, connection));
  }

  static void say(String response, Socket connection) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(response.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** A response with its status line, headers and length. */
  static String response(String status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + headers
        + "Content-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  /** An answer with {@code text}, 9 and 2 tokens. */
  static String answer(String text) {
    return response("200 OK", "", Answers.completion(text));
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The requests that came whole, with their headers. */
  List<String> requests() {
    return requests;
  }

  /** Waits for the next request. */
  String take() throws IOException, InterruptedException {
    String request = arrived.poll(60, TimeUnit.SECONDS);
    if (request == null) {
      throw new IOException("no request came");
    }
    return request;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "raw server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      for (; ; ) {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      String request = read(in);
      requests.add(request);
      arrived.add(request);
      behaviour.answer(request, connection);
      // A second request on the same connection would come here.
      connection.shutdownOutput();
      if (in.read() >= 0) {
        requests.add("more on the same connection");
      }
    } catch (SocketException e) {
      // The program went away, or the behaviour was to.
    } catch (Exception e) {
      failures.add(e);
    }
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new SocketException("no whole request");
      }
      head.append((char) c);
    }
    int length = 0;
    for (String line : head.toString().split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    if (!failures.isEmpty()) {
      throw new IOException("the server failed", failures.get(0));
    }
  }
}
