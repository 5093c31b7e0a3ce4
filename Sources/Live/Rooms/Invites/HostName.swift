import Glibc

/// The names of machines.
enum HostName {
  /// The machine's own name (gethostname(2)); `localhost` where the machine has none.
  static var ofThisMachine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0, name[0] != 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
