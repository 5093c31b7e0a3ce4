import Audio
import Core
import Glibc
import HTTP
import Logging
import System
import Uploads

/// Puts an upload on the air: its file goes to a stream as the sound of a source client does.
struct UploadAir: Sendable {
  let sources: SourceClients
  let log: Log

  private static let slice = 16_384

  /// The streams that take source clients.
  var streams: [StreamName] { sources.streams }

  /// - Returns: the refusal; nil where the sound begins.
  func play(_ upload: Upload, from folder: Folder, on stream: String) -> Response? {
    guard let name = StreamName(valid: stream), let mount = sources.mount(of: name) else {
      return .uploadError(409, "the stream takes no source clients: its source is not icecast")
    }
    let format: EncodedFormat
    switch (upload.copy, upload.format) {
    case (.ready, _), (_, .mp3): format = .mp3
    case (_, .flac): format = .flac
    default: return .uploadError(409, "the upload has no copy that can go on the air")
    }
    let path = "\(folder.path)/\(upload.served.file)"
    let client = SourceClient(upload: upload.title, format: format, at: .now)
    let connection = SourceConnection(client, to: mount)
    if mount.admit(connection) != nil { return .uploadError(409, "another source is on the air") }
    NamedThread(name: "upload-air") { Self.send(path, to: connection) }.detach()
    return nil
  }

  /// Reads the file as fast as the decoder takes the bytes, which is as fast as the sound is played.
  static func send(_ path: String, to connection: SourceConnection) {
    let (room, isOver) = (Semaphore(), Replaceable(false))
    connection.begin(
      ContentControl(
        onResume: { room.post() },
        onRefuse: { _ in
          isOver.replace(by: true)
          room.post()
        }))
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    var buffer = [UInt8](repeating: 0, count: slice)
    while !isOver.value, !connection.isEnded {
      let count = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      let demand = buffer.withUnsafeBytes { connection.receive(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      // The stream may stop while the decoder has enough.
      if case .pause = demand { while !room.wait(atMost: .seconds(1)), !connection.isEnded {} }
    }
    if isOver.value { connection.abandoned() } else { _ = connection.end() }
  }
}
