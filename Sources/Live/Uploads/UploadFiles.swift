import HTTP
import Synchronization
import System
import Uploads

/// The files of uploads that are open for requests. A file is opened on the thread of the files, because a disk may hang.
final class UploadFiles: Sendable {
  enum Finding: Sendable {
    case file(FileContent)
    /// The thread opens the file: ask again.
    case later
    case failed
  }

  private struct State {
    var opened: [String: FileContent?] = [:]
    /// The names of the opened files, the oldest first.
    var order: [String] = []
  }

  private static let mostOpen = 32

  private let store: UploadStore
  private let onOpen: @Sendable () -> Void
  private let state = Mutex(State())

  /// - Parameter onOpen: called when requests that were told to ask again get an answer.
  init(_ store: UploadStore, onOpen: @escaping @Sendable () -> Void) {
    (self.store, self.onOpen) = (store, onOpen)
  }

  /// - Parameter name: of a file that an upload has.
  func find(_ name: String) -> Finding {
    let known: FileContent?? = state.withLock { state in
      let known = state.opened[name]
      if case .some(.none) = known { state.opened[name] = nil }
      return known
    }
    switch known {
    case .some(.some(let file)): return .file(file)
    case .some(.none): return .failed
    case .none:
      store.post { [self] in open(name) }
      return .later
    }
  }

  /// Closes a file that is removed, so that its room on the disk is free.
  func forget(_ name: String) {
    state.withLock { state in
      state.opened[name] = nil
      state.order.removeAll { $0 == name }
    }
  }

  func forget(all upload: Upload) { for name in [upload.original, upload.name.copy] { forget(name) } }

  private func open(_ name: String) {
    let isKnown = state.withLock { $0.opened[name] != nil }
    if !isKnown {
      let file: FileContent?
      do { file = try FileContent(path: "\(store.folder.path)/\(name)") } catch { file = nil }
      state.withLock { state in
        state.opened[name] = .some(file)
        state.order.append(name)
        if state.order.count > Self.mostOpen { state.opened[state.order.removeFirst()] = nil }
      }
    }
    onOpen()
  }
}
