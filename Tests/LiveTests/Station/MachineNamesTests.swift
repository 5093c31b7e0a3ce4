import HTTP
import Testing

@testable import Live

@Suite struct MachineNamesTests {
  private func list(_ machine: String = "radio", chosen: [String] = [], _ addresses: String...) -> [String] {
    MachineNames.list(machine: machine, chosen: chosen, addresses: addresses.compactMap { IPAddress($0) })
      .map(\.description)
  }

  @Test func `the names come first, and the loopback addresses are always there`() {
    #expect(
      list("Radio", "192.0.2.7", "2001:db8::7")
        == ["radio", "radio.local", "localhost", "127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"])
  }

  @Test func `nothing is there twice`() {
    #expect(
      list("radio.local", chosen: ["localhost", "127.0.0.1"], "127.0.0.1", "::1", "127.0.0.1")
        == ["radio.local", "localhost", "127.0.0.1", "::1"])
  }

  @Test func `multicast DNS knows a machine by the first label of its name`() {
    #expect(list("radio.example.org") == ["radio.example.org", "radio.local", "localhost", "127.0.0.1", "::1"])
  }

  @Test(arguments: ["", "mein radio", "r\u{e4}dio", "10.0.0.1"])
  func `a machine whose name no URL can have is known by its addresses`(name: String) {
    #expect(list(name) == ["localhost", "127.0.0.1", "::1"])
  }

  @Test func `names and addresses that a person has chosen are there, and the address of all addresses is not`() {
    #expect(
      list(chosen: ["Club.Example", "[2001:db8::1]", "192.0.2.9", "0.0.0.0"])
        == ["radio", "radio.local", "localhost", "club.example", "127.0.0.1", "::1", "2001:db8::1", "192.0.2.9"])
    #expect(list(chosen: ["::", "2001:db8::2"]).suffix(2) == ["::1", "2001:db8::2"])
  }

  @Test func `an address that a URL cannot have is left out`() {
    #expect(list("radio", "fe80::1", "febf::1", "fec0::1").suffix(1) == ["fec0::1"])
  }

  @Test func `a machine with very many addresses gets a certificate of limited size`() {
    let addresses = (0..<200).map { IPAddress("10.0.0.\($0)")! }
    #expect(MachineNames.list(machine: "radio", chosen: [], addresses: addresses).count == MachineNames.most)
  }

  @Test func `an address of IPv6 that the kernel gives up soon is known by its flags`() {
    let table = """
      20010db8000000000000000000000001 02 40 00 80     eth0
      20010db8000000000000000000000002 02 40 00 01     eth0
      20010db8000000000000000000000003 02 40 00 21     eth0
      20010db8000000000000000000000004 02 40 00 c0     eth0
      00000000000000000000000000000001 01 80 10 80       lo
      no address
      """
    let passing = ["2001:db8::2", "2001:db8::3", "2001:db8::4"].compactMap { IPAddress($0) }
    #expect(NetworkAddresses.passing(table) == Set(passing))
  }

  @Test func `this machine has the loopback address`() {
    #expect(NetworkAddresses.present.contains(IPAddress("127.0.0.1")!))
  }
}
