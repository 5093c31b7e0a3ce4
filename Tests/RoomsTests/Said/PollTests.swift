import Testing

@testable import Rooms

@Suite struct PollTests {
  private let question = EventRequest.newPoll(question: "Tea?", choices: ["yes", "no"])

  @Test func `votes are counted, and may change while the poll is open`() throws {
    let station = Station(open: .listener)
    let (host, ann, bob) = (station.host(), station.enter("Ann"), station.enter("Bob"))
    station.send(.event(question), on: host)
    let poll = try #require(station.polls(ann).first)
    #expect(poll.poll == poll.stamp.id && poll.votes == [0, 0] && poll.isOpen && poll.question == "Tea?")
    station.send(.vote(poll: poll.poll, choice: 0), on: ann)
    station.send(.vote(poll: poll.poll, choice: 0), on: ann)
    station.send(.vote(poll: poll.poll, choice: 0), on: bob)
    station.send(.vote(poll: poll.poll, choice: 1), on: bob)
    station.wait(.seconds(1))
    let counted = try #require(station.polls(ann).last)
    #expect(counted.votes == [1, 1] && counted.poll == poll.poll && counted.stamp.id > poll.stamp.id)
    #expect(station.polls(ann).count == 2)
  }

  @Test func `counts are told at most twice a second, and the end at once`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.send(.event(question), on: host)
    let id = try #require(station.polls(ann).first).poll
    for number in 0..<20 {
      station.wait(.milliseconds(100))
      station.send(.vote(poll: id, choice: number % 2), on: ann)
    }
    #expect(station.polls(host).count == 5)
    station.send(.event(.closePoll(id)), on: host)
    let last = try #require(station.polls(host).last)
    #expect(!last.isOpen && last.votes == [0, 1])
    station.send(.vote(poll: id, choice: 0), on: ann)
    #expect(station.errors(ann) == [.closed])
    station.wait(.seconds(5))
    #expect(station.polls(host).last == last)
    station.send(.event(.closePoll(id)), on: host)
    #expect(station.errors(host) == [.closed])
  }

  @Test func `a vote needs a poll and one of the choices`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.send(.event(question), on: host)
    let id = try #require(station.polls(ann).first).poll
    station.send(.vote(poll: id + 1, choice: 0), on: ann)
    station.send(.vote(poll: id, choice: 2), on: ann)
    station.send(.vote(poll: id, choice: -1), on: ann)
    #expect(station.errors(ann) == [.noSuchPoll, .badMessage, .badMessage])
    station.send(.event(.closePoll(1)), on: host)
    #expect(station.errors(host) == [.noSuchPoll])
  }

  @Test func `the vote of a member who has left counts`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.send(.event(question), on: host)
    let id = try #require(station.polls(ann).first).poll
    station.send(.vote(poll: id, choice: 1), on: ann)
    station.send(.leave, on: ann)
    station.wait(.seconds(1))
    #expect(station.polls(host).last?.votes == [0, 1])
  }

  @Test func `a reconnected member votes once`() throws {
    let station = Station()
    let (host, ann) = (station.host(), station.enter("Ann"))
    station.send(.event(question), on: host)
    let (id, session) = (try #require(station.polls(ann).first).poll, try station.welcome(ann).you.session)
    station.send(.vote(poll: id, choice: 1), on: ann)
    station.lose(ann)
    let again = station.enter { $0.session = session }
    station.send(.vote(poll: id, choice: 0), on: again)
    station.wait(.seconds(1))
    #expect(station.polls(host).last?.votes == [1, 0])
  }

  @Test func `the oldest poll makes place for a new one`() throws {
    let station = Station()
    let host = station.host()
    for _ in 0...RoomsLimits.polls {
      station.send(.event(question), on: host)
      station.wait(.seconds(1))
    }
    let first = try #require(station.polls(host).first).poll
    #expect(station.polls(host).filter { $0.poll == first }.map(\.isOpen) == [true, false])
    station.send(.vote(poll: first, choice: 0), on: host)
    #expect(station.errors(host) == [.noSuchPoll])
  }

  @Test func `each member is told the own vote, in poll and in welcome; the audience is not`() throws {
    let station = Station()
    let (host, ann, bob) = (station.host(), station.enter("Ann"), station.enter("Bob"))
    station.send(.event(question), on: host)
    let id = try #require(station.polls(ann).first).poll
    let session = try station.welcome(ann).you.session
    station.send(.vote(poll: id, choice: 1), on: ann)
    station.send(.vote(poll: id, choice: 0), on: bob)
    station.wait(.seconds(1))
    #expect([host, ann, bob].map { station.polls($0).last?.vote } == [nil, 1, 0])
    #expect([host, ann, bob].allSatisfy { station.polls($0).last?.votes == [1, 1] && station.polls($0).count == 2 })
    guard case .poll(let published)? = station.published.last else { return #expect(Bool(false)) }
    #expect(published.vote == nil && published.votes == [1, 1] && station.stored.last == station.published.last)
    let again = station.enter { $0.session = session }
    let votes = try station.welcome(again).history.map { (message) -> Int? in
      if case .poll(let poll) = message { poll.vote } else { nil }
    }
    #expect(votes == [1])
    let late = station.enter("Late")
    #expect(try station.welcome(late).history == [.poll(published)])
    station.send(.event(.closePoll(id)), on: host)
    #expect(station.polls(again).last?.isOpen == false && station.polls(again).last?.vote == 1)
  }
}
