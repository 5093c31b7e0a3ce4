import Audio
import HLS
import HTTP
import Synchronization
import System

/// The connection of one source client: takes the bytes from the loop, and decodes them on a thread of its own.
final class SourceConnection: ContentReceiver {
  private struct Steering {
    /// Nil before the beginning and after the end: it keeps the connection, which would keep it.
    var control: ContentControl?
    /// The answer that ends the connection; it may come before the beginning.
    var refusal: Response?
    var isEnded = false
  }

  let client: SourceClient
  let sound: SoundQueue
  let earlyAnswer: Response? = Response(status: 200)
  /// A client may pause. The idle timeout of the server ends a client that is gone.
  let slowestRate: Int? = nil
  private let bytes = ByteQueue()
  private let steering = Mutex(Steering())
  private let mount: SourceMount

  init(_ client: SourceClient, to mount: SourceMount) {
    (self.client, self.mount) = (client, mount)
    sound = SoundQueue(format: mount.format)
  }

  /// The time of the client's latest bytes.
  var arrived: MonotonicTime { bytes.arrived }

  /// Ends the connection, and drops the sound that waits. Only the first answer counts.
  func refuse(with answer: Response) {
    bytes.discard()
    sound.close()
    let control = steering.withLock { steering in
      guard steering.refusal == nil, !steering.isEnded else { return nil as ContentControl? }
      steering.refusal = answer
      return steering.control
    }
    control?.refuse(answer)
  }

  /// No more bytes are decoded.
  func endBytes() { bytes.end() }

  /// Whether no more bytes are decoded. A sender that was told to pause may never be told to go on.
  var isEnded: Bool { bytes.isEnded }

  // The loop's side

  func begin(_ control: ContentControl) {
    let refusal = steering.withLock { steering in
      steering.control = control
      return steering.refusal
    }
    if let refusal { return control.refuse(refusal) }
    bytes.onDrained { control.resume() }
    NamedThread(name: "decode") { [self] in decode() }.detach()
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand { self.bytes.put(bytes) ? .pause : .more }

  func end() -> Response {
    endContent()
    mount.leave(self, because: nil)
    return Response(status: 200)
  }

  func abandoned() {
    endContent()
    mount.leave(self, because: "is gone: the connection has ended; the source waits for a client")
  }

  private func endContent() {
    bytes.end()
    steering.withLock { ($0.control, $0.isEnded) = (nil, true) }
  }

  // The decoder's side

  private func decode() {
    defer { sound.end() }
    var tagged: NowPlaying?
    let failure = SoundDecoding(bytes, into: sound).run(bytes, named: client.format) { tags in
      guard tags != SoundTags() else {
        // The title of the link before goes with that link; a title from elsewhere stays.
        if let tagged { mount.remove(tagged, of: self) }
        return
      }
      let playing = NowPlaying(mending: tags.title, artist: tags.artist)
      tagged = playing
      _ = mount.set(playing, of: self)
    }
    guard let reason = failure else { return }
    mount.leave(
      self, because: "is disconnected: \(reason); the client must send \(SourceClient.formats)")
    refuse(with: .text(415, "Content-type not supported: \(reason); send \(SourceClient.formats)\n"))
  }
}
