package import TocsinEngine
package import TocsinModel

/// One alarm of one rule set: a chain of rules on a stream, or on a group where a rule is `per:`.
package struct AlarmSubject: Sendable {
    /// The event's `alarm`: the same in both sets while the chain's lowest rule keeps its name.
    package var id: Identifier
    /// The stream's name, or the group's.
    package var place: String
    package var isGroup: Bool
    package var mode: Mode
    /// The chain's rules, lowest first: full names, short names and classes.
    package var rules: [RuleName]
    /// What it was raised under; nil in tests.
    package var binding: Binding?

    package struct RuleName: Sendable, Equatable {
        package var full: String
        package var short: String
        package var alarmClass: AlarmClass
        package var priority: Priority

        package init(full: String, short: String, alarmClass: AlarmClass, priority: Priority) {
            self.full = full
            self.short = short
            self.alarmClass = alarmClass
            self.priority = priority
        }
    }

    package init(
        id: Identifier, place: String, isGroup: Bool = false, mode: Mode = .replay,
        rules: [RuleName], binding: Binding? = nil
    ) {
        self.id = id
        self.place = place
        self.isGroup = isGroup
        self.mode = mode
        self.rules = rules
        self.binding = binding
    }
}

/// One time an alarm stood: from its raise until its condition ended. A recording has no operator
/// who acknowledges or resets, so a latched alarm counts as returned when its condition ended, and
/// the next raise is a life of its own.
package struct AlarmLife: Sendable, Equatable {
    /// Position in `AlarmHistory.subjects`.
    package var subject: Int
    /// Position in the subject's rules of the rule that raised it.
    package var rule: Int
    package var raised: Timestamp
    /// Nil: it stood at the end of the recording.
    package var cleared: Timestamp?
    /// Changes of level, in order.
    package var moves: [Move] = []

    package struct Move: Sendable, Equatable {
        package var time: Timestamp
        /// Position in the subject's rules of the level then in force.
        package var rule: Int
        package var isUp: Bool

        package init(time: Timestamp, rule: Int, isUp: Bool) {
            self.time = time
            self.rule = rule
            self.isUp = isUp
        }
    }

    package init(subject: Int, rule: Int, raised: Timestamp, cleared: Timestamp? = nil) {
        self.subject = subject
        self.rule = rule
        self.raised = raised
        self.cleared = cleared
    }

    /// When it ended; `end` of the run where it stood there.
    package func end(_ end: Timestamp) -> Timestamp { cleared ?? max(end, raised) }
}

/// One call on the operator's attention: an alarm raised, escalated or annunciated anew.
package struct Annunciation: Sendable, Equatable {
    package var time: Timestamp
    package var subject: Int
    /// Position in the subject's rules.
    package var rule: Int

    package init(time: Timestamp, subject: Int, rule: Int) {
        self.time = time
        self.subject = subject
        self.rule = rule
    }
}

/// All alarms of one rule set in one recording, in the order in which they were said.
package struct AlarmHistory: Sendable {
    package var start: Timestamp
    package var end: Timestamp
    package var subjects: [AlarmSubject] = []
    package var lives: [AlarmLife] = []
    package var annunciations: [Annunciation] = []
    /// Events of every kind, those of the system included.
    package var events = 0

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    package func rule(of life: AlarmLife) -> AlarmSubject.RuleName {
        subjects[life.subject].rules[life.rule]
    }

    package func rule(of annunciation: Annunciation) -> AlarmSubject.RuleName {
        subjects[annunciation.subject].rules[annunciation.rule]
    }
}
