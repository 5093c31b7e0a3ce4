import HTTP
import Synchronization

/// The pictures of a stream as one answer without an end (`multipart/x-mixed-replace`), each framed once for all readers. A
/// reader that takes pictures too slowly gets the newest one next, and never those between.
final class MovingPicture: Sendable {
  private static let boundary = "ringcast-picture"
  /// A reader that takes nothing for this time, while more bytes than `mostWaiting` come, is disconnected.
  private static let lagTimeout = Duration.seconds(10)
  private static let mostWaiting = 512 << 10

  private let content = EndlessBody(capacity: mostWaiting, lagTimeout: lagTimeout, skips: true)
  private let headers: [(name: String, value: String)]
  private let state = Mutex(State())

  private struct State {
    var latest: GrowingBody?
    var isFinished = false
  }

  /// - Parameter headers: header fields of each answer.
  init(headers: [(name: String, value: String)]) {
    self.headers =
      [
        (name: "Content-Type", value: "multipart/x-mixed-replace; boundary=\(Self.boundary)"),
        (name: "Cache-Control", value: "no-store"),
        // nginx would collect the pictures (`proxy_buffering`) without this field.
        (name: "X-Accel-Buffering", value: "no"),
      ] + PictureShelf.safety + headers
  }

  /// Shows a picture.
  func show(_ jpeg: [UInt8]) {
    // A browser shows a picture when the boundary behind it has come. So each picture ends with a boundary, and only the
    // first picture of a reader begins with one.
    let opening = Array("--\(Self.boundary)\r\n".utf8)
    let head = Array("Content-Type: image/jpeg\r\nContent-Length: \(jpeg.count)\r\n\r\n".utf8)
    let part = opening + head + jpeg + Array("\r\n--\(Self.boundary)\r\n".utf8)
    let body = GrowingBody(capacity: part.count)
    body.append(part[...])
    state.withLock { state in
      guard !state.isFinished else { return }
      // In this order: a body without a successor that is finished is the last one.
      content.append(body, from: opening.count)
      state.latest?.finish()
      state.latest = body
    }
  }

  /// The answers end, and no picture is shown any more.
  func finish() {
    state.withLock { state in
      state.latest?.finish()
      state.isFinished = true
    }
  }

  /// An answer that begins with the newest picture. There must be one.
  func response(to request: Request) -> Response {
    switch request.method {
    case .put, .other: .methodNotAllowed
    case .options: headers.contains { $0.name == "Access-Control-Allow-Origin" } ? CORS.preflight : .options
    case .get, .head: Response(status: 200, headers: headers, endless: Endless(content, from: content.place(at: 0)))
    }
  }
}
