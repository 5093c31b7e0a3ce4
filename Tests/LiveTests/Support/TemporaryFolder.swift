import Glibc
import System

@testable import Live

/// A folder of a test's own, gone when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/ringcast-test-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template)!)
  }

  deinit {
    Self.remove(path)
  }

  /// The names of the files in `name`, sorted.
  func files(_ name: String) -> [String] {
    (try? Folder("\(path)/\(name)").files()) ?? []
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Folder(path).read(name), as: UTF8.self)
  }

  static func remove(_ path: String) {
    let folder = Folder(path)
    for name in (try? folder.files()) ?? [] { try? folder.remove(name) }
    for name in (try? folder.folders()) ?? [] { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
