/// A poll, with the choice of each member who has voted.
struct Poll: Equatable, Sendable {
  private(set) var state: PollState
  private var choices: [MemberID: Int] = [:]
  /// Whether the counts differ from what the room has told.
  private(set) var isUntold = false
  /// The time of the last message about the poll.
  private(set) var told: Duration

  init(_ state: PollState, told: Duration) {
    self.state = state
    self.told = told
  }

  /// - Throws: `closed`, or `badMessage` for a choice that the poll does not have.
  mutating func vote(_ member: MemberID, _ choice: Int) throws(RoomError) {
    guard state.isOpen else { throw RoomError(.closed, "The poll is closed.") }
    guard state.choices.indices.contains(choice) else {
      throw RoomError(.badMessage, "choice must be 0 to \(state.choices.count - 1).")
    }
    guard choices[member] != choice else { return }
    if let before = choices.updateValue(choice, forKey: member) { state.votes[before] -= 1 }
    state.votes[choice] += 1
    isUntold = true
  }

  mutating func close() {
    guard state.isOpen else { return }
    state.isOpen = false
    isUntold = true
  }

  /// The vote of a member; nil without one.
  func choice(of member: MemberID) -> Int? { choices[member] }

  /// A member who has left for good cannot change the vote. The vote counts.
  mutating func forget(_ member: MemberID) { choices[member] = nil }

  /// The time at which the room tells the counts; nil if all is told.
  var wake: Duration? {
    guard isUntold else { return nil }
    return state.isOpen ? told + RoomsLimits.pace : told
  }

  /// The state with a new stamp, to be told.
  mutating func tell(_ stamp: Stamp, at now: Duration) -> PollState {
    state.stamp = stamp
    isUntold = false
    told = now
    return state
  }
}
