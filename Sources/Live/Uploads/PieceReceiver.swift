import Core
import HTTP
import Synchronization
import System
import Uploads

/// Takes bytes of a sound that a page sends in pieces. The loop reads no more of the request before the bytes are on the disk.
final class PieceReceiver: ContentReceiver {
  private struct Steering {
    var control: ContentControl?
    var position: Int
  }

  /// Slower clients are disconnected.
  let slowestRate: Int? = 100
  private let store: UploadStore
  private let key: UploadKey
  private let generation: Int
  private let address: IPAddress?
  private let steering: Mutex<Steering>

  /// - Parameters:
  ///   - generation: the number that `UploadStore.begin` gave.
  ///   - address: of the client.
  init(_ key: UploadKey, to store: UploadStore, at offset: Int, in generation: Int, from address: IPAddress?) {
    (self.store, self.key, self.generation, self.address) = (store, key, generation, address)
    steering = Mutex(Steering(position: offset))
  }

  func begin(_ control: ContentControl) { steering.withLock { $0.control = control } }

  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand {
    let piece = Array(bytes)
    store.post { [self] in take(piece) }
    return .pause
  }

  func end() -> Response {
    let position = steering.withLock { steering in
      steering.control = nil
      return steering.position
    }
    return Self.answer(position)
  }

  /// The bytes that came stay: the page goes on behind them.
  func abandoned() { steering.withLock { $0.control = nil } }

  static func answer(_ offset: Int) -> Response {
    .json(JSON.object([("status", .string("success")), ("offset", .number(offset))]).text)
  }

  /// On the thread of the files.
  private func take(_ piece: [UInt8]) {
    let position = steering.withLock { $0.position }
    do throws(UploadFailure) {
      try store.append(piece, to: key, at: position, in: generation, from: address)
      let control = steering.withLock { steering in
        steering.position += piece.count
        return steering.control
      }
      control?.resume()
    } catch {
      steering.withLock { $0.control }?.refuse(error.response)
    }
  }
}
