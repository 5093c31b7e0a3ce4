import Core
import HTTP
import Synchronization
import System
import Uploads

/// Takes a form, `multipart/form-data`, from a loop, and gives it to the thread of the files piece by piece. The loop reads no
/// more of the request before the piece is on the disk, so that a slow disk slows the sender down.
final class FormReceiver: ContentReceiver {
  private struct Steering {
    var control: ContentControl?
    var response: Response?
  }

  private enum Progress: Sendable {
    case open(UploadForm)
    case over
  }

  /// Slower clients are disconnected.
  let slowestRate: Int? = 500
  private let store: UploadStore
  private let path: String
  private let answer: @Sendable (Upload) -> Response
  private let steering = Mutex(Steering())
  /// Used on the thread of the files.
  private let progress: Mutex<Progress>

  /// - Parameter answer: makes the answer to a whole upload.
  init(_ boundary: FormBoundary, to store: UploadStore, answer: @escaping @Sendable (Upload) -> Response) {
    (self.store, self.answer, path) = (store, answer, store.formPath)
    progress = Mutex(
      .open(UploadForm(boundary, limit: store.settings.maxSize, formats: store.settings.formats, path: path)))
  }

  func begin(_ control: ContentControl) { steering.withLock { $0.control = control } }

  func receive(_ bytes: UnsafeRawBufferPointer) -> ContentDemand {
    if steering.withLock({ $0.response }) != nil { return .more }
    let piece = Array(bytes)
    store.post { [self] in take(piece) }
    return .pause
  }

  func end() -> Response {
    let response = steering.withLock { $0.response }
    leave()
    return response ?? UploadFailure.malformed(.cutOff).response
  }

  func abandoned() { leave() }

  private func leave() {
    steering.withLock { $0.control = nil }
    store.post { [self] in discard() }
  }

  // On the thread of the files

  private func take(_ piece: [UInt8]) {
    let (response, isRefusal): (Response?, Bool) = progress.withLock { progress in
      guard case .open(var form) = progress else { return (nil, false) }
      do throws(UploadFailure) {
        let isWhole = try form.read(piece) { (count) throws(UploadFailure) in try store.reserve(count) }
        progress = .open(form)
        guard isWhole else { return (nil, false) }
        let upload = try store.complete(form)
        progress = .over
        return (answer(upload), false)
      } catch {
        progress = .open(form)
        return (error.response, true)
      }
    }
    if isRefusal { discard() }
    let control = steering.withLock { steering in
      if let response { steering.response = response }
      return steering.control
    }
    if isRefusal, let response { control?.refuse(response) } else { control?.resume() }
  }

  /// Removes a file that is not whole.
  private func discard() {
    progress.withLock { progress in
      guard case .open(let form) = progress else { return }
      store.forget(form: path, bytes: form.reserved)
      progress = .over
    }
  }
}
