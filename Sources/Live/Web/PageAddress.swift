import HTTP
import Synchronization

/// The address of the station as the sender of a request sees it: for links that must be whole.
struct PageAddress: Hashable, Sendable {
  static let unknown = PageAddress(base: "")

  /// Such as `https://radio.example/`; empty where the address is not known. RFC 3986 §4.2: a link behind it is relative then.
  let base: String

  private init(base: String) { self.base = base }

  /// Not known where a request names no host, or none by the grammar, and where it names this machine: a proxy on this
  /// machine may hide the name that its client asked for.
  init(_ request: Request) {
    guard let host = request.header("Host"), let named = HostField(host), !named.isThisMachine else {
      self = .unknown
      return
    }
    base = "\(request.client.isSecure ? "https" : "http")://\(host.lowercased())/"
  }
}

/// A page in which whole addresses stand: one form for each address by which people reach the station.
final class AddressedPage: Sendable {
  /// Anybody may name hosts: of more of them, the oldest form is given up.
  private static let most = 16

  private let make: @Sendable (PageAddress) -> Representation?
  /// The oldest first.
  private let forms = Mutex<[(address: PageAddress, form: Representation)]>([])

  init(_ make: @escaping @Sendable (PageAddress) -> Representation?) {
    self.make = make
  }

  subscript(address: PageAddress) -> Representation? {
    if let form = forms.withLock({ Self.form(of: address, in: $0) }) { return form }
    guard let made = make(address) else { return nil }
    return forms.withLock { forms in
      if let form = Self.form(of: address, in: forms) { return form }
      if forms.count == Self.most { forms.removeFirst() }
      forms.append((address, made))
      return made
    }
  }

  private static func form(
    of address: PageAddress, in forms: [(address: PageAddress, form: Representation)]
  ) -> Representation? {
    forms.first { $0.address == address }?.form
  }
}
