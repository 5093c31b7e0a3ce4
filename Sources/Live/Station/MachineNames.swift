import Glibc
import HTTP
import System

/// The names and addresses by which clients may reach a machine.
enum MachineNames {
  /// The most names and addresses of a certificate, so that a handshake stays small.
  static let most = 64

  /// The present ones of this machine, with the host and the allowed hosts of the settings.
  static func present(_ settings: StationSettings) -> [CertificateName] {
    list(
      machine: HostName.ofThisMachine, chosen: settings.access.allowedHosts + [settings.endpoints.host],
      addresses: NetworkAddresses.present)
  }

  /// The names first: that of the machine, the one by which multicast DNS knows the machine (RFC 6762 §3), `localhost`, and
  /// the names that a person has chosen. None is there twice.
  /// - Parameters:
  ///   - machine: the machine's own name; left out where it is no name of the Domain Name System.
  ///   - chosen: names and addresses that a person has chosen.
  static func list(machine: String, chosen: [String], addresses: [IPAddress]) -> [CertificateName] {
    let hosts = chosen.compactMap { HostField($0) ?? HostField("[\($0)]") }
    var names: [CertificateName] = []
    if let own = HostField(machine), own.address == nil, let label = own.name.split(separator: ".").first {
      names += [.host(own.name), .host("\(label).local")]
    }
    names += [.host("localhost")] + hosts.filter { $0.address == nil }.map { .host($0.name) }
    let loopback = ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
    let all = loopback + hosts.compactMap(\.address).filter { !$0.isUnspecified } + addresses
    names += all.filter { !$0.isIPv6LinkLocal }.map { .address($0) }
    var seen: Set<CertificateName> = []
    return Array(names.filter { seen.insert($0).inserted }.prefix(most))
  }
}

/// The addresses of this machine's network interfaces.
enum NetworkAddresses {
  /// All addresses that stay, in the order of the interfaces (getifaddrs(3)).
  static var present: [IPAddress] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [] }
    defer { freeifaddrs(first) }
    let passing = passing((try? File.read("/proc/self/net/if_inet6")).map { String(decoding: $0, as: UTF8.self) } ?? "")
    return sequence(first: first, next: { $0?.pointee.ifa_next }).compactMap { entry in
      guard let address = entry?.pointee.ifa_addr else { return nil }
      return IPAddress(UnsafeRawPointer(address)).flatMap { passing.contains($0) ? nil : $0 }
    }
  }

  /// The addresses of IPv6 that the kernel gives up soon: those that change each day for privacy (RFC 8981), and those that
  /// are not valid yet or no longer preferred. A person does not type such an address.
  /// - Parameter table: the kernel's table, `/proc/net/if_inet6`. A line has the address in 32 digits, the number of the
  ///   interface, the length of the prefix, the scope, the flags (linux/if_addr.h), all in hexadecimal, and the interface.
  static func passing(_ table: String) -> Set<IPAddress> {
    // IFA_F_TEMPORARY, IFA_F_DEPRECATED, IFA_F_TENTATIVE.
    let flags: UInt32 = 0x01 | 0x20 | 0x40
    return Set(
      table.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: " ")
        guard fields.count >= 5, fields[0].utf8.count == 32, let set = UInt32(fields[4], radix: 16), set & flags != 0
        else { return nil }
        let digits = Array(fields[0])
        let bytes = stride(from: 0, to: 32, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        return IPAddress(bytes: bytes)
      })
  }
}
