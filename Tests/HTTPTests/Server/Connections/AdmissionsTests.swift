import Testing

@testable import HTTP

@Suite struct AdmissionsTests {
  /// Admissions by reference, for #expect.
  private final class Table {
    private var admissions: Admissions

    init(places: Int = 3, perAddress: Int = 2) {
      var limits = Server.Limits()
      (limits.connections, limits.connectionsPerAddress) = (places, perAddress)
      admissions = Admissions(limits)
    }

    var hasRoom: Bool { admissions.hasRoom }
    var count: Int { admissions.count }
    var figures: Server.Figures { admissions.figures }

    func admit(from address: ClientAddress? = nil) -> Admissions.Verdict { admissions.admit(from: address) }
    func leave(from address: ClientAddress? = nil) { admissions.leave(from: address) }
    func verdict(from address: ClientAddress?, isBesideOthers: Bool = true) -> Admissions.RequestVerdict {
      admissions.admitRequest(Admissions.Claim(address: address, isBesideOthers: isBesideOthers))
    }
    func admitRequest(from address: ClientAddress? = nil) -> Bool { verdict(from: address) == .admitted }
    func leaveRequest(from address: ClientAddress? = nil, isBesideOthers: Bool = true) {
      admissions.leaveRequest(Admissions.Claim(address: address, isBesideOthers: isBesideOthers))
    }
  }

  private let address = ClientAddress(IPAddress("192.0.2.1")!)

  @Test func `each connection has a number of its own`() {
    let table = Table()
    #expect(table.admit() == .admitted(number: 1))
    table.leave()
    #expect(table.admit() == .admitted(number: 2))
  }

  @Test func `a client that comes when all places are taken is told so`() {
    let table = Table()
    #expect((1...3).map { _ in table.admit() } == [1, 2, 3].map { .admitted(number: $0) })
    #expect(table.admit() == .overLimit(number: 4))
    table.leave()
    #expect(table.admit() == .overLimit(number: 5))
    table.leave()
    table.leave()
    #expect(table.admit() == .admitted(number: 6))
  }

  @Test func `there is room for so many more only`() {
    let table = Table()
    for _ in 0..<3 + Server.Limits.overflow {
      #expect(table.hasRoom)
      _ = table.admit()
    }
    #expect(!table.hasRoom)
    table.leave()
    #expect(table.hasRoom && table.count == 2 + Server.Limits.overflow)
  }

  @Test func `an address has so many places, and gets back those that it leaves`() throws {
    let table = Table()
    let other = try ClientAddressTests.address("2001:db8::1")
    #expect([table.admit(from: address), table.admit(from: address)] == [.admitted(number: 1), .admitted(number: 2)])
    #expect(table.admit(from: address) == .overAddressLimit)
    #expect(table.count == 2)
    #expect(table.admit(from: other) == .admitted(number: 3))
    table.leave(from: address)
    #expect(table.admit(from: address) == .admitted(number: 4))
    #expect(table.admit(from: address) == .overAddressLimit)
  }

  @Test func `this machine's own address has as many as there are`() throws {
    let table = Table()
    let own = try ClientAddressTests.address("127.0.0.1")
    #expect((1...3).map { _ in table.admit(from: own) } == [1, 2, 3].map { .admitted(number: $0) })
  }

  @Test func `without a limit an address has as many as there are`() {
    let table = Table(places: 5000, perAddress: 0)
    #expect((1...5000).allSatisfy { table.admit(from: address) == .admitted(number: $0) })
  }

  @Test func `a further request counts like a connection, for all and for its address`() {
    let table = Table(places: 4, perAddress: 2)
    _ = table.admit(from: address)
    #expect(table.admitRequest(from: address))
    #expect(!table.admitRequest(from: address))
    #expect(table.admit(from: address) == .overAddressLimit)
    #expect(table.admitRequest() && table.admitRequest())
    #expect(table.count == 4 && !table.admitRequest())
    #expect(table.admit() == .overLimit(number: 2))
    table.leaveRequest()
    table.leave()
    #expect(table.count == 3 && table.admitRequest())
    table.leaveRequest(from: address)
    #expect(table.admitRequest(from: address))
  }

  @Test func `a request over a limit is told which limit`() {
    let table = Table(places: 3, perAddress: 1)
    _ = table.admit(from: address)
    #expect(table.verdict(from: address) == .overAddressLimit)
    #expect(table.verdict(from: nil) == .admitted)
    #expect(table.verdict(from: nil) == .admitted)
    #expect(table.verdict(from: nil) == .overLimit)
    #expect(table.figures.refusedPerAddress == 1 && table.figures.refusedOverLimit == 1)
  }

  @Test func `through a proxy the requests of one client count for its address, and take no place of a connection`() {
    let table = Table(places: 3, perAddress: 2)
    _ = table.admit()
    for _ in 0..<2 { #expect(table.verdict(from: address, isBesideOthers: false) == .admitted) }
    #expect(table.verdict(from: address, isBesideOthers: false) == .overAddressLimit)
    #expect(table.count == 1)
    table.leaveRequest(from: address, isBesideOthers: false)
    #expect(table.verdict(from: address, isBesideOthers: false) == .admitted)
  }

  @Test func `the refusals are counted`() {
    let table = Table(places: 2, perAddress: 2)
    for _ in 0..<3 { _ = table.admit(from: address) }
    _ = table.admit()
    _ = table.admitRequest()
    var figures = Server.Figures()
    (figures.connections, figures.accepted, figures.refusedOverLimit, figures.refusedPerAddress) = (3, 3, 2, 1)
    #expect(table.figures == figures)
    table.leave()
    figures.connections = 2
    #expect(table.figures == figures)
  }
}
